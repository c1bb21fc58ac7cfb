"""The database's half of facilities in force: terms stay as entered, states move one way, balances are only added."""

from django.db import migrations

from crm.kernel.access.kept_words import keep_words
from crm.kernel.audit.guards import append_only

STAYS = """
CREATE FUNCTION projects_facility_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.state <> 'entered') THEN
        RAISE EXCEPTION '% on % refused: a facility is entered, then only moved', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (NEW.id, NEW.client_id, NEW.contract_no, NEW.name, NEW.kind, NEW.amount, NEW.margin, NEW.approved_on,
         NEW.approved_by, NEW.available_until, NEW.matures_on, NEW.paper_id, NEW.entered_by_id, NEW.entered_at)
        IS DISTINCT FROM
        (OLD.id, OLD.client_id, OLD.contract_no, OLD.name, OLD.kind, OLD.amount, OLD.margin, OLD.approved_on,
         OLD.approved_by, OLD.available_until, OLD.matures_on, OLD.paper_id, OLD.entered_by_id, OLD.entered_at)
        OR (OLD.state, NEW.state) NOT IN (
            ('entered', 'confirmed'), ('entered', 'refused'), ('entered', 'withdrawn'),
            ('confirmed', 'settling'), ('settling', 'settled'), ('settling', 'confirmed'))
        OR (OLD.state <> 'entered' AND (NEW.decided_by_id, NEW.decided_at, NEW.decided_reason)
            IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at, OLD.decided_reason))) THEN
        RAISE EXCEPTION '% on % refused: the terms of a facility stay, its state moves one way', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER facility_stays BEFORE INSERT OR UPDATE OR DELETE ON projects_facility
    FOR EACH ROW EXECUTE FUNCTION projects_facility_stays();
ALTER TABLE projects_facility ENABLE ALWAYS TRIGGER facility_stays;
"""
CHANGES = "DROP TRIGGER facility_stays ON projects_facility; DROP FUNCTION projects_facility_stays();"


class Migration(migrations.Migration):
    dependencies = [("projects", "0071_facilities"), ("kernel", "0002_audit_guards")]

    operations = [
        *keep_words(
            "projects_facility",
            people={
                "entered_by": "entered_at",
                "decided_by": "decided_at",
                "settlement_by": "settlement_at",
                "settled_by": "settled_at",
            },
        ),
        *keep_words("projects_facilitybalance", people={"told_by": "told_at"}),
        migrations.RunSQL(STAYS, CHANGES),
        *append_only("projects_facilitybalance"),
    ]
