"""A warning's history is only ever added to, and a closed warning stays as it was closed."""

from django.db import migrations

from crm.kernel.audit import guards

CLOSED_STAYS = """
CREATE FUNCTION risk_warning_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.closed_on IS NOT NULL
       OR (NEW.id, NEW.client_id, NEW.indicator, NEW.opened_on) <> (OLD.id, OLD.client_id, OLD.indicator, OLD.opened_on)
    THEN
        RAISE EXCEPTION '% on % refused: a warning is not taken back, a closed one stays closed', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER warning_stays BEFORE UPDATE OR DELETE ON risk_warningepisode
    FOR EACH ROW EXECUTE FUNCTION risk_warning_stays();
ALTER TABLE risk_warningepisode ENABLE ALWAYS TRIGGER warning_stays;
"""
DROP_CLOSED_STAYS = "DROP TRIGGER warning_stays ON risk_warningepisode; DROP FUNCTION risk_warning_stays();"


class Migration(migrations.Migration):
    dependencies = [("risk", "0003_indicators"), ("kernel", "0002_audit_guards")]

    operations = [
        migrations.RunSQL(CLOSED_STAYS, DROP_CLOSED_STAYS),
        *guards.append_only("risk_warningobservation"),
    ]
