"""Whom an open case waits for, taken over from its project; and a case stays about what it was opened for."""

from django.db import migrations

TAKE_OVER = """
UPDATE risk_reviewcase SET waiting_for = deal.waiting_for
FROM projects_project AS deal WHERE deal.id = risk_reviewcase.project_id AND risk_reviewcase.status = 'open';
"""
KIND = """
CREATE FUNCTION risk_reviewcase_kind_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'case % keeps its kind', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_reviewcase_kind_kept';
END $$;
CREATE TRIGGER kind_stays BEFORE UPDATE ON risk_reviewcase
    FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind) EXECUTE FUNCTION risk_reviewcase_kind_stays();
ALTER TABLE risk_reviewcase ENABLE ALWAYS TRIGGER kind_stays;
"""
ANY_KIND = "DROP TRIGGER kind_stays ON risk_reviewcase; DROP FUNCTION risk_reviewcase_kind_stays();"


class Migration(migrations.Migration):
    dependencies = [("risk", "0081_subjects")]

    operations = [
        migrations.RunSQL(TAKE_OVER, migrations.RunSQL.noop),
        migrations.RunSQL(KIND, ANY_KIND),
    ]
