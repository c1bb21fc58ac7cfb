"""The database's half of a waiver: nobody who works on a deal gives one of it, and what was decided stays as it is."""

from django.db import migrations

GUARD = """
CREATE FUNCTION risk_guard_waiver() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    is_maker boolean;
BEGIN
    IF TG_OP <> 'INSERT' AND (OLD.status <> 'asked' OR TG_OP = 'DELETE') THEN
        RAISE EXCEPTION 'waiver % was decided or is history: it does not change', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_gatewaiver_kept';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.project_id, NEW.gate, NEW.level, NEW.asked_of_id, NEW.asked_by_id)
        IS DISTINCT FROM (OLD.project_id, OLD.gate, OLD.level, OLD.asked_of_id, OLD.asked_by_id) THEN
        RAISE EXCEPTION 'waiver %: what was asked of whom does not change', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_gatewaiver_kept';
    END IF;
    IF NEW.decided_by_id IS NOT NULL THEN
        EXECUTE format(
            'SELECT EXISTS (SELECT 1 FROM %1$I.projects_projecteditor WHERE project_id = $1 AND person_id = $2) '
            'OR EXISTS (SELECT 1 FROM %1$I.projects_investigator WHERE project_id = $1 AND person_id = $2)',
            TG_TABLE_SCHEMA
        ) INTO is_maker USING NEW.project_id, NEW.decided_by_id;
        IF is_maker THEN
            RAISE EXCEPTION 'person % works on project % and waives nothing of it', NEW.decided_by_id, NEW.project_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_gatewaiver_not_by_a_maker';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_waiver BEFORE INSERT OR UPDATE OR DELETE ON risk_gatewaiver
    FOR EACH ROW EXECUTE FUNCTION risk_guard_waiver();
ALTER TABLE risk_gatewaiver ENABLE ALWAYS TRIGGER guard_waiver;
"""
UNGUARD = "DROP TRIGGER guard_waiver ON risk_gatewaiver; DROP FUNCTION risk_guard_waiver();"


class Migration(migrations.Migration):
    dependencies = [("risk", "0060_gate_waiver"), ("projects", "0062_report_signature_guard")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
