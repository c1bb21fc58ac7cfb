"""The approved term and draw-down period are the decision's: written with it, and kept as the approved amount is.

The guard of 0003 with two more columns of state, else as it was.
"""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION projects_guard_project() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    state text[] := ARRAY['status', 'locked_by_review', 'review_stage', 'waiting_for', 'waiting_since', 'due_on',
        'decided_on', 'approved_amount', STATE 'version', 'updated_at', 'grams', 'sounds', 'name_pinyin'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'a project begins as a draft, not as %', NEW.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_project_begins_as_draft';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status IN ('in_review', 'approved', 'rejected') THEN
        IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - state) IS DISTINCT FROM (to_jsonb(OLD) - state) THEN
            RAISE EXCEPTION 'project % is under review or decided: its content does not change', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_project_content_kept';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.status <> OLD.status AND NOT (
        (OLD.status IN ('draft', 'returned', 'withdrawn') AND NEW.status = 'in_review')
        OR (OLD.status = 'in_review' AND NEW.status IN ('returned', 'withdrawn', 'approved', 'rejected'))
        OR (OLD.status IN ('draft', 'returned') AND NEW.status = 'withdrawn')
    ) THEN
        RAISE EXCEPTION 'project % does not move from % to %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_project_legal_move';
    END IF;
    IF OLD.status IN ('approved', 'rejected') AND (NEW.decided_on, NEW.approved_amount NEW_TERMS)
        IS DISTINCT FROM (OLD.decided_on, OLD.approved_amount OLD_TERMS) THEN
        RAISE EXCEPTION 'project % is decided: the decision does not change', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_project_decision_kept';
    END IF;
    RETURN NEW;
END $$;
"""


def _write_guard(*, with_terms: bool) -> str:
    names = ("approved_term_months", "approved_draw_months") if with_terms else ()
    guard = GUARD.replace("STATE ", "".join(f"'{name}', " for name in names))
    for row in ("NEW", "OLD"):
        guard = guard.replace(f" {row}_TERMS", "".join(f", {row}.{name}" for name in names))
    return guard


class Migration(migrations.Migration):
    dependencies = [("projects", "0064_approved_terms")]

    operations = [migrations.RunSQL(_write_guard(with_terms=True), _write_guard(with_terms=False))]
