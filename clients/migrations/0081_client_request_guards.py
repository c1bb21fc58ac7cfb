"""The database's half of client requests: none is deleted or moved to another client, steps are only added."""

from django.db import migrations

from crm.kernel.access.kept_words import keep_words
from crm.kernel.audit.guards import append_only

STAYS = """
CREATE FUNCTION clients_servicerequest_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR (NEW.id, NEW.client_id, NEW.words, NEW.asked_at, NEW.answer_by, NEW.recorded_by_id, NEW.recorded_at)
            IS DISTINCT FROM
            (OLD.id, OLD.client_id, OLD.words, OLD.asked_at, OLD.answer_by, OLD.recorded_by_id, OLD.recorded_at)
        OR (OLD.answered_at IS NOT NULL AND NEW.answered_at IS DISTINCT FROM OLD.answered_at)
        OR (OLD.late_at IS NOT NULL AND NEW.late_at IS DISTINCT FROM OLD.late_at)
        OR NEW.reopened < OLD.reopened THEN
        RAISE EXCEPTION '% on % refused: what was recorded of a client request stays', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER servicerequest_stays BEFORE UPDATE OR DELETE ON clients_servicerequest
    FOR EACH ROW EXECUTE FUNCTION clients_servicerequest_stays();
ALTER TABLE clients_servicerequest ENABLE ALWAYS TRIGGER servicerequest_stays;
"""
CHANGES = """
DROP TRIGGER servicerequest_stays ON clients_servicerequest; DROP FUNCTION clients_servicerequest_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0080_client_requests"),
        ("kernel", "0002_audit_guards"),
        ("kernel", "0070_kept_words"),
    ]

    operations = [
        *keep_words("clients_servicerequest", people={"recorded_by": "recorded_at"}),
        *keep_words("clients_requeststep", people={"added_by": "added_at"}),
        migrations.RunSQL(STAYS, CHANGES),
        *append_only("clients_requeststep"),
    ]
