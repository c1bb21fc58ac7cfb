"""What the database itself refuses about deals, to the application role as to everybody (trust row 16).

A deal under review or decided keeps its content, its investigators and its documents; a status moves only along the
table; a document's file is never exchanged and no row of it deleted; who once edited stays a maker.
The document and investigator triggers lock the deal's row FOR SHARE before they look, so that a lock being taken at the
same moment is waited for and then seen (a trigger that merely looks would miss it).
"""

from django.db import migrations

from crm.kernel.audit.guards import append_only

# Everything that is not listed here is content: a column added later is protected without anybody thinking of it.
STATE_COLUMNS = (
    "status",
    "locked_by_review",
    "review_stage",
    "waiting_for",
    "waiting_since",
    "due_on",
    "decided_on",
    "approved_amount",
    "version",
    "updated_at",
    "grams",
)

PROJECT_GUARD = f"""
CREATE FUNCTION projects_guard_project() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    state text[] := ARRAY[{", ".join(f"'{name}'" for name in STATE_COLUMNS)}];
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
    ) THEN
        RAISE EXCEPTION 'project % does not move from % to %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_project_legal_move';
    END IF;
    IF OLD.status IN ('approved', 'rejected') AND (NEW.decided_on, NEW.approved_amount)
        IS DISTINCT FROM (OLD.decided_on, OLD.approved_amount) THEN
        RAISE EXCEPTION 'project % is decided: the decision does not change', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_project_decision_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_content BEFORE INSERT OR UPDATE OR DELETE ON projects_project
    FOR EACH ROW EXECUTE FUNCTION projects_guard_project();
ALTER TABLE projects_project ENABLE ALWAYS TRIGGER guard_content;
"""

PART_GUARD = """
CREATE FUNCTION projects_guard_part() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted bigint[];
    held bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        wanted := ARRAY[NEW.project_id];
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
        'SELECT max(id) FROM %I.projects_project WHERE id = ANY($1) '
        'AND status IN (''in_review'', ''approved'', ''rejected'')', TG_TABLE_SCHEMA
    ) INTO held USING wanted;
    IF held IS NOT NULL THEN
        RAISE EXCEPTION 'project % is under review or decided: its investigators and documents do not change', held
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_content_kept';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_content BEFORE INSERT OR UPDATE OR DELETE ON projects_investigator
    FOR EACH ROW EXECUTE FUNCTION projects_guard_part();
ALTER TABLE projects_investigator ENABLE ALWAYS TRIGGER guard_content;
CREATE TRIGGER guard_content BEFORE INSERT OR UPDATE OR DELETE ON projects_projectdocument
    FOR EACH ROW EXECUTE FUNCTION projects_guard_part();
ALTER TABLE projects_projectdocument ENABLE ALWAYS TRIGGER guard_content;
"""

DOCUMENT_GUARD = """
CREATE FUNCTION projects_guard_document() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    removal text[] := ARRAY['removed_by_id', 'removed_at'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.removed_at IS NOT NULL
        OR (to_jsonb(NEW) - removal) IS DISTINCT FROM (to_jsonb(OLD) - removal) THEN
        RAISE EXCEPTION 'document % is evidence: it can be taken out once, not changed', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_projectdocument_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_evidence BEFORE UPDATE OR DELETE ON projects_projectdocument
    FOR EACH ROW EXECUTE FUNCTION projects_guard_document();
ALTER TABLE projects_projectdocument ENABLE ALWAYS TRIGGER guard_evidence;
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial"), ("kernel", "0002_audit_guards")]

    operations = [
        migrations.RunSQL(
            PROJECT_GUARD,
            "DROP TRIGGER guard_content ON projects_project; DROP FUNCTION projects_guard_project();",
        ),
        migrations.RunSQL(
            PART_GUARD,
            "DROP TRIGGER guard_content ON projects_investigator; "
            "DROP TRIGGER guard_content ON projects_projectdocument; DROP FUNCTION projects_guard_part();",
        ),
        migrations.RunSQL(
            DOCUMENT_GUARD,
            "DROP TRIGGER guard_evidence ON projects_projectdocument; DROP FUNCTION projects_guard_document();",
        ),
        *append_only("projects_projecteditor"),
    ]
