"""SQL functions that answer the words of a person, department or post; the kernel's own tables keep them."""

from django.db import migrations

from crm.kernel.access.kept_words import keep_words

# The day as the institution counts it: roles are valid from day to day.
WORDS = """
CREATE FUNCTION kernel_person_words(wanted bigint, moment timestamptz) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object(
        'name', person.name, 'department', department.name, 'post', coalesce(post.name, ''),
        'roles', coalesce(jsonb_agg(DISTINCT held.role) FILTER (WHERE held.role IS NOT NULL), '[]'),
        'level', coalesce(max(held.authority_level), 0)
    )
    FROM kernel_person AS person
    JOIN kernel_department AS department ON department.id = person.department_id
    LEFT JOIN kernel_post AS post ON post.id = person.post_id
    LEFT JOIN kernel_rolegrant AS held ON held.person_id = person.id
        AND held.valid_from <= (coalesce(moment, now()) AT TIME ZONE 'Asia/Shanghai')::date
        AND (held.valid_until IS NULL
            OR held.valid_until >= (coalesce(moment, now()) AT TIME ZONE 'Asia/Shanghai')::date)
    WHERE person.id = wanted
    GROUP BY person.id, department.id, post.id
$$;
CREATE FUNCTION kernel_department_words(wanted bigint) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object('name', name) FROM kernel_department WHERE id = wanted
$$;
CREATE FUNCTION kernel_post_words(wanted bigint) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object('name', name) FROM kernel_post WHERE id = wanted
$$;

-- For rows older than their words: as the audit trail tells them, else as of today.
CREATE FUNCTION kernel_person_words_told(wanted bigint, moment timestamptz) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    WITH changed AS (
        SELECT id, before FROM kernel_auditevent
        WHERE subject_type = 'kernel.person' AND subject_id = wanted::text AND at > moment
            AND action IN ('person.updated', 'person.moved') AND before IS NOT NULL
    )
    SELECT kernel_person_words(wanted, moment) || jsonb_strip_nulls(jsonb_build_object(
        'name', coalesce(
            (SELECT person_name FROM kernel_auditevent
                WHERE person_id = wanted AND at <= moment ORDER BY id DESC LIMIT 1),
            (SELECT before ->> 'name' FROM changed WHERE before ? 'name' ORDER BY id LIMIT 1)
        ),
        'department', (
            SELECT department.name FROM kernel_department AS department WHERE department.id::text =
                (SELECT before ->> 'department' FROM changed WHERE before ? 'department' ORDER BY id LIMIT 1)
        ),
        'post', (
            SELECT post.name FROM kernel_post AS post WHERE post.id::text =
                (SELECT before ->> 'post' FROM changed WHERE before ? 'post' ORDER BY id LIMIT 1)
        )
    ))
$$;
"""
DROP = """
DROP FUNCTION kernel_person_words_told(bigint, timestamptz); DROP FUNCTION kernel_post_words(bigint);
DROP FUNCTION kernel_department_words(bigint); DROP FUNCTION kernel_person_words(bigint, timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0070_kept_words")]

    operations = [
        migrations.RunSQL(WORDS, DROP),
        *keep_words("kernel_move", people={"proposed_by": "proposed_at", "decided_by": "decided_at"}),
        *keep_words("kernel_parameterversion", people={"proposed_by": "proposed_at", "approved_by": "approved_at"}),
        *keep_words("kernel_holidaynotice", people={"entered_by": "entered_at", "released_by": "released_at"}),
        *keep_words("kernel_rolegrant", people={"granted_by": "granted_at"}),
    ]
