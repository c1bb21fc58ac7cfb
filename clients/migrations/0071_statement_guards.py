"""The database's half of financial statements: figures change in a draft only, states move one way."""

from django.db import migrations

from crm.kernel.access.kept_words import keep_words

STAYS = """
CREATE FUNCTION clients_statement_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.state <> 'draft') THEN
        RAISE EXCEPTION '% on % refused: statements are entered as a draft, then only moved', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (NEW.id, NEW.client_id, NEW.made_by_id, NEW.made_at, NEW.replaces_id)
        IS DISTINCT FROM (OLD.id, OLD.client_id, OLD.made_by_id, OLD.made_at, OLD.replaces_id)
        OR (OLD.state, NEW.state) NOT IN (
            ('draft', 'draft'), ('draft', 'checked'), ('draft', 'void'), ('checked', 'draft'), ('checked', 'confirmed'),
            ('checked', 'void'), ('confirmed', 'superseded'), ('confirmed', 'void'))
        OR (OLD.state <> 'draft' AND
            (NEW.scope, NEW.layout, NEW.period_end, NEW.months, NEW.currency, NEW.unit, NEW.decimals, NEW.opinion,
             NEW.auditor, NEW.report_no, NEW.report_on, NEW.source, NEW.received_on, NEW.paper_id)
            IS DISTINCT FROM
            (OLD.scope, OLD.layout, OLD.period_end, OLD.months, OLD.currency, OLD.unit, OLD.decimals, OLD.opinion,
             OLD.auditor, OLD.report_no, OLD.report_on, OLD.source, OLD.received_on, OLD.paper_id))
        OR (OLD.state = 'confirmed' AND
            (NEW.checked_by_id, NEW.checked_at, NEW.confirmed_by_id, NEW.confirmed_at)
            IS DISTINCT FROM (OLD.checked_by_id, OLD.checked_at, OLD.confirmed_by_id, OLD.confirmed_at))) THEN
        RAISE EXCEPTION '% on % refused: what was checked stays, states move one way', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER statement_stays BEFORE INSERT OR UPDATE OR DELETE ON clients_statement
    FOR EACH ROW EXECUTE FUNCTION clients_statement_stays();
ALTER TABLE clients_statement ENABLE ALWAYS TRIGGER statement_stays;

CREATE FUNCTION clients_statement_of_draft() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    touched bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.statement_id ELSE NEW.statement_id END;
BEGIN
    IF (TG_OP = 'UPDATE' AND NEW.statement_id <> OLD.statement_id)
        OR NOT EXISTS (SELECT FROM clients_statement s WHERE s.id = touched AND s.state = 'draft') THEN
        RAISE EXCEPTION '% on % refused: figures change in a draft only', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER of_draft BEFORE INSERT OR UPDATE OR DELETE ON clients_statementline
    FOR EACH ROW EXECUTE FUNCTION clients_statement_of_draft();
ALTER TABLE clients_statementline ENABLE ALWAYS TRIGGER of_draft;
CREATE TRIGGER of_draft BEFORE INSERT OR UPDATE OR DELETE ON clients_statementreason
    FOR EACH ROW EXECUTE FUNCTION clients_statement_of_draft();
ALTER TABLE clients_statementreason ENABLE ALWAYS TRIGGER of_draft;
"""
CHANGES = """
DROP TRIGGER of_draft ON clients_statementreason;
DROP TRIGGER of_draft ON clients_statementline;
DROP FUNCTION clients_statement_of_draft();
DROP TRIGGER statement_stays ON clients_statement;
DROP FUNCTION clients_statement_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0070_statements"), ("kernel", "0070_kept_words")]

    operations = [
        *keep_words(
            "clients_statement",
            people={"made_by": "made_at", "checked_by": "checked_at", "confirmed_by": "confirmed_at"},
        ),
        *keep_words("clients_statementreason", people={"given_by": "given_at"}),
        migrations.RunSQL(STAYS, CHANGES),
    ]
