"""An approval may lapse and be renewed; its last day only moves later; it takes the signed contract and nothing else.

The guards of 0065 (deals) and 0002 (documents, investigators) with these moves, else as they were.
"""

from django.db import migrations

PROJECT = """
CREATE OR REPLACE FUNCTION projects_guard_project() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    state text[] := ARRAY['status', 'locked_by_review', 'review_stage', 'waiting_for', 'waiting_since', 'due_on',
        'decided_on', 'approved_amount', 'approved_term_months', 'approved_draw_months', STATE
        'version', 'updated_at', 'grams', 'sounds', 'name_pinyin'];
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
        (OLD.status IN ('draft', 'returned', 'withdrawn' LAPSED) AND NEW.status = 'in_review')
        OR (OLD.status = 'in_review' AND NEW.status IN ('returned', 'withdrawn', 'approved', 'rejected'))
        OR (OLD.status IN ('draft', 'returned') AND NEW.status = 'withdrawn')
        MOVES
    ) THEN
        RAISE EXCEPTION 'project % does not move from % to %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_project_legal_move';
    END IF;
    IF OLD.status IN ('approved', 'rejected')
        AND (NEW.decided_on, NEW.approved_amount, NEW.approved_term_months, NEW.approved_draw_months)
        IS DISTINCT FROM (OLD.decided_on, OLD.approved_amount, OLD.approved_term_months, OLD.approved_draw_months) THEN
        RAISE EXCEPTION 'project % is decided: the decision does not change', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_project_decision_kept';
    END IF;
    VALIDITY
    RETURN NEW;
END $$;
"""
# Also refused: to take back that a contract was filed.
VALIDITY = """
    IF OLD.status = 'approved' AND (
        (NEW.valid_until IS NULL) <> (OLD.valid_until IS NULL) OR NEW.valid_until < OLD.valid_until
        OR (OLD.contracted_on IS NOT NULL AND NEW.contracted_on IS DISTINCT FROM OLD.contracted_on)
    ) THEN
        RAISE EXCEPTION 'project % is approved: its last day does not move earlier, its contract stays', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_project_validity_kept';
    END IF;
"""
PART = """
CREATE OR REPLACE FUNCTION projects_guard_part() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted bigint[];
    closed text[] := ARRAY['in_review', 'approved', 'rejected'];
    held bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        wanted := ARRAY[NEW.project_id];
        CONTRACT
    ELSIF TG_OP = 'DELETE' THEN
        wanted := ARRAY[OLD.project_id];
    ELSE
        wanted := ARRAY[OLD.project_id, NEW.project_id];
    END IF;
    -- Two statements: the first waits for whoever is taking the lock, the second sees what they did. In one, the
    -- planner would test the status before it locks, and so let through who came at the same moment (tried).
    EXECUTE format('SELECT 1 FROM %I.projects_project WHERE id = ANY($1) ORDER BY id FOR SHARE', TG_TABLE_SCHEMA)
        USING wanted;
    EXECUTE format(
        'SELECT max(id) FROM %I.projects_project WHERE id = ANY($1) AND status = ANY($2)', TG_TABLE_SCHEMA
    ) INTO held USING wanted, closed;
    IF held IS NOT NULL THEN
        RAISE EXCEPTION 'project % is under review or decided: its investigators and documents do not change', held
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_content_kept';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""
# to_jsonb: the same function guards investigators and signatures, which have no such columns.
CONTRACT = """
        IF TG_TABLE_NAME = 'projects_projectdocument' AND to_jsonb(NEW) ->> 'kind' = 'contract'
            AND to_jsonb(NEW) ->> 'replaces_id' IS NULL AND to_jsonb(NEW) ->> 'removed_at' IS NULL THEN
            closed := ARRAY['in_review', 'rejected'];
        END IF;
"""


def _write_project(*, lapses: bool) -> str:
    parts = {
        "STATE\n": "'valid_until', 'contracted_on', 'lapsed_on',\n" if lapses else "\n",
        " LAPSED)": ", 'lapsed')" if lapses else ")",
        "MOVES\n": "OR (OLD.status = 'approved' AND NEW.status = 'lapsed')\n" if lapses else "\n",
        "    VALIDITY\n": VALIDITY if lapses else "",
    }
    text = PROJECT
    for mark, words in parts.items():
        text = text.replace(mark, words)
    return text


def _write_part(*, contracts: bool) -> str:
    return PART.replace("CONTRACT\n", CONTRACT if contracts else "\n")


class Migration(migrations.Migration):
    dependencies = [("projects", "0066_approvals_lapse")]

    operations = [
        migrations.RunSQL(_write_project(lapses=True), _write_project(lapses=False)),
        migrations.RunSQL(_write_part(contracts=True), _write_part(contracts=False)),
    ]
