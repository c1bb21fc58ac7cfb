"""Whom somebody stands in for on a day, and whether mandatory leave suspends them: asked with every request."""

from django.db import migrations

# The same as `CoverQuerySet.in_force` and `suspending` say to the other queries; a test holds them together.
CREATE = """
CREATE FUNCTION kernel_covering(wanted bigint, today date) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.person_id, 'scope', to_jsonb(c.scope), 'roles', (
        SELECT coalesce(jsonb_agg(g.role), '[]') FROM kernel_rolegrant AS g
        WHERE g.person_id = c.person_id AND g.valid_from <= today AND coalesce(g.valid_until >= today, true)
    ))), '[]')
    FROM kernel_cover AS c
    JOIN kernel_person AS away ON away.id = c.person_id
    JOIN kernel_person AS deputy ON deputy.id = c.deputy_id
    WHERE c.deputy_id = wanted AND c.state = 'confirmed' AND today BETWEEN c.starts_on AND c.ends_on
        AND away.is_active AND deputy.is_active
        AND (c.person_post, c.person_department) = (coalesce(away.post_id, 0), away.department_id)
        AND (c.deputy_post, c.deputy_department) = (coalesce(deputy.post_id, 0), deputy.department_id)
$$;
CREATE FUNCTION kernel_suspended(wanted bigint, today date) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM kernel_cover WHERE person_id = wanted AND is_suspended AND state = 'confirmed'
        AND today BETWEEN starts_on AND ends_on)
$$;
"""
DROP = "DROP FUNCTION kernel_suspended(bigint, date); DROP FUNCTION kernel_covering(bigint, date);"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0085_cover_guards")]

    operations = [migrations.RunSQL(CREATE, DROP)]
