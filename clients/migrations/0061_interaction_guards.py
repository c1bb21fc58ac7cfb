"""The database's half of interactions: none is deleted or moved to another client, notes are only added."""

from django.db import migrations

from crm.kernel.access.kept_words import keep_words
from crm.kernel.audit.guards import append_only

STAYS = """
CREATE FUNCTION clients_interaction_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR (NEW.id, NEW.client_id, NEW.recorded_by_id, NEW.recorded_at)
            IS DISTINCT FROM (OLD.id, OLD.client_id, OLD.recorded_by_id, OLD.recorded_at)
        OR (OLD.state, NEW.state) NOT IN (
            ('planned', 'planned'), ('planned', 'held'), ('planned', 'cancelled'), ('held', 'held'))
        OR (OLD.held_at IS NOT NULL AND NEW.held_at IS DISTINCT FROM OLD.held_at) THEN
        RAISE EXCEPTION '% on % refused: what was recorded of an interaction stays', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER interaction_stays BEFORE UPDATE OR DELETE ON clients_interaction
    FOR EACH ROW EXECUTE FUNCTION clients_interaction_stays();
ALTER TABLE clients_interaction ENABLE ALWAYS TRIGGER interaction_stays;
"""
CHANGES = "DROP TRIGGER interaction_stays ON clients_interaction; DROP FUNCTION clients_interaction_stays();"


class Migration(migrations.Migration):
    dependencies = [("clients", "0060_interactions"), ("kernel", "0002_audit_guards"), ("kernel", "0070_kept_words")]

    operations = [
        *keep_words("clients_interaction", people={"recorded_by": "recorded_at"}),
        *keep_words("clients_interactionnote", people={"added_by": "added_at"}),
        migrations.RunSQL(STAYS, CHANGES),
        *append_only("clients_interactionnote"),
    ]
