"""The database's half: a bound client takes another identity only as the last confirmed change of it says.

Also binds the clients that have a rating or a project already.
"""

from django.db import migrations

BIND = """
UPDATE clients_client AS client SET is_identity_bound = true
WHERE EXISTS (SELECT 1 FROM projects_project AS p WHERE p.client_id = client.id)
    OR EXISTS (SELECT 1 FROM risk_rating AS r WHERE r.client_id = client.id AND r.status IN ('confirmed', 'superseded'))
"""

GUARD = """
CREATE FUNCTION risk_guard_identity() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    agreed record;
BEGIN
    SELECT name, credit_code, client_type INTO agreed FROM public.risk_identitychange
    WHERE client_id = NEW.id AND status = 'confirmed' ORDER BY decided_at DESC, id DESC LIMIT 1;
    IF agreed IS NULL OR (agreed.name, agreed.credit_code, agreed.client_type)
        IS DISTINCT FROM (NEW.name, coalesce(NEW.credit_code, ''), NEW.client_type) THEN
        RAISE EXCEPTION 'client %: a rating or project rests on its identity, two people change it', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_identity_takes_two';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_identity BEFORE UPDATE ON clients_client FOR EACH ROW
    WHEN (OLD.is_identity_bound AND (OLD.name_normalised, OLD.credit_code, OLD.client_type)
        IS DISTINCT FROM (NEW.name_normalised, NEW.credit_code, NEW.client_type))
    EXECUTE FUNCTION risk_guard_identity();
CREATE FUNCTION risk_keep_bound() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'client %: its identity stays bound', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_identity_stays_bound';
END $$;
CREATE TRIGGER keep_bound BEFORE UPDATE ON clients_client FOR EACH ROW
    WHEN (OLD.is_identity_bound AND NOT NEW.is_identity_bound)
    EXECUTE FUNCTION risk_keep_bound();
"""

UNGUARD = """
DROP TRIGGER guard_identity ON clients_client;
DROP TRIGGER keep_bound ON clients_client;
DROP FUNCTION risk_guard_identity();
DROP FUNCTION risk_keep_bound();
"""


class Migration(migrations.Migration):
    dependencies = [("risk", "0030_identity_change"), ("projects", "0030_search_by_form")]

    operations = [
        migrations.RunSQL(BIND, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
