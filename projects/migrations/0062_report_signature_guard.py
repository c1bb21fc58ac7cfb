"""The database's half of a signature: written once, under the report as it stands, by who investigates the deal."""

from django.db import migrations

from crm.kernel.audit.guards import append_only

GUARD = """
CREATE TRIGGER guard_content BEFORE INSERT ON projects_reportsignature
    FOR EACH ROW EXECUTE FUNCTION projects_guard_part();
ALTER TABLE projects_reportsignature ENABLE ALWAYS TRIGGER guard_content;
CREATE FUNCTION projects_guard_signature() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    fits boolean;
BEGIN
    EXECUTE format(
        'SELECT EXISTS (SELECT 1 FROM %1$I.projects_projectdocument AS d JOIN %1$I.kernel_storedfile AS f '
        'ON f.id = d.file_id WHERE d.id = $1 AND d.project_id = $2 AND d.kind = ''investigation'' '
        'AND d.removed_at IS NULL AND f.sha256 = $3)', TG_TABLE_SCHEMA
    ) INTO fits USING NEW.document_id, NEW.project_id, NEW.sha256;
    IF NOT fits THEN
        RAISE EXCEPTION 'document % is not the report of project % with this hash', NEW.document_id, NEW.project_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_reportsignature_under_the_report';
    END IF;
    EXECUTE format(
        'SELECT EXISTS (SELECT 1 FROM %I.projects_investigator WHERE project_id = $1 AND person_id = $2)',
        TG_TABLE_SCHEMA
    ) INTO fits USING NEW.project_id, NEW.person_id;
    IF NOT fits THEN
        RAISE EXCEPTION 'person % does not investigate project %', NEW.person_id, NEW.project_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_reportsignature_by_an_investigator';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_signature BEFORE INSERT ON projects_reportsignature
    FOR EACH ROW EXECUTE FUNCTION projects_guard_signature();
ALTER TABLE projects_reportsignature ENABLE ALWAYS TRIGGER guard_signature;
"""
UNGUARD = """
DROP TRIGGER guard_signature ON projects_reportsignature;
DROP TRIGGER guard_content ON projects_reportsignature;
DROP FUNCTION projects_guard_signature();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0061_report_signature"), ("kernel", "0002_audit_guards")]

    operations = [migrations.RunSQL(GUARD, UNGUARD), *append_only("projects_reportsignature")]
