"""An approval is prolonged by who gave it; the last day of an approved project moves by nothing else."""

from django.db import migrations

from crm.kernel.access.kept_words import keep_words
from crm.kernel.audit import guards

GRANTED = """
CREATE FUNCTION risk_prolongation_granted() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM risk_reviewcase AS reviewed
        JOIN projects_project AS deal ON deal.id = reviewed.project_id
        JOIN risk_decision AS final ON final.case_id = reviewed.id AND final.round = reviewed.round
        WHERE reviewed.id = NEW.case_id AND reviewed.round = NEW.round AND reviewed.status = 'approved'
          AND deal.valid_until = NEW.valid_before AND deal.contracted_on IS NULL
          AND final.stage = 'final' AND final.verb IN ('approve', 'approve_with_conditions')
          AND coalesce(final.principal_id, final.person_id) = NEW.granted_by_id
    ) THEN
        RAISE EXCEPTION 'case %: only an approval that waits for its contract is prolonged, by who gave it', NEW.case_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_prolongation_is_granted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER granted BEFORE INSERT ON risk_prolongation
    FOR EACH ROW EXECUTE FUNCTION risk_prolongation_granted();
ALTER TABLE risk_prolongation ENABLE ALWAYS TRIGGER granted;
"""
NOT_GRANTED = "DROP TRIGGER granted ON risk_prolongation; DROP FUNCTION risk_prolongation_granted();"
LAST_DAY = """
CREATE FUNCTION risk_last_day_is_prolonged() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM risk_prolongation AS longer
        JOIN risk_reviewcase AS reviewed ON reviewed.id = longer.case_id AND reviewed.round = longer.round
        WHERE reviewed.project_id = NEW.id AND longer.valid_before = OLD.valid_until
          AND longer.valid_until = NEW.valid_until
    ) THEN
        RAISE EXCEPTION 'project %: the last day of an approval moves by its prolongation only', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_project_last_day_is_prolonged';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER last_day_is_prolonged BEFORE UPDATE ON projects_project
    FOR EACH ROW WHEN (
        OLD.status = 'approved' AND NEW.status = 'approved' AND NEW.valid_until IS DISTINCT FROM OLD.valid_until
    ) EXECUTE FUNCTION risk_last_day_is_prolonged();
ALTER TABLE projects_project ENABLE ALWAYS TRIGGER last_day_is_prolonged;
"""
ANY_DAY = "DROP TRIGGER last_day_is_prolonged ON projects_project; DROP FUNCTION risk_last_day_is_prolonged();"


class Migration(migrations.Migration):
    dependencies = [("risk", "0079_prolongation"), ("projects", "0070_committee_stage"), ("kernel", "0071_words_kept")]

    operations = [
        migrations.RunSQL(GRANTED, NOT_GRANTED),
        migrations.RunSQL(LAST_DAY, ANY_DAY),
        *guards.append_only("risk_prolongation"),
        *keep_words("risk_prolongation", people={"granted_by": "granted_at"}),
    ]
