"""The database's half of approved money: never above approval or contract, nobody alone, terms stay."""

from importlib import import_module

from django.db import migrations

from crm.kernel.access.kept_words import keep_words
from crm.kernel.audit.guards import append_only

FORMER = import_module("projects.migrations.0072_facility_guards").STAYS
FACILITY = FORMER[: FORMER.index("CREATE TRIGGER")].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
WITH_PROJECT = FACILITY.replace("NEW.client_id,", "NEW.client_id, NEW.project_id,").replace(
    "OLD.client_id,", "OLD.client_id, OLD.project_id,"
)
CONTRACT = """
CREATE FUNCTION projects_contract_holds() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.state <> 'prepared') THEN
        RAISE EXCEPTION '% on % refused: a contract is entered, then only moved', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (NEW.id, NEW.project_id, NEW.number, NEW.amount, NEW.signed_on, NEW.available_until, NEW.matures_on, NEW.rate,
         NEW.repayment, NEW.paper_id, NEW.prepared_by_id, NEW.prepared_at)
        IS DISTINCT FROM
        (OLD.id, OLD.project_id, OLD.number, OLD.amount, OLD.signed_on, OLD.available_until, OLD.matures_on, OLD.rate,
         OLD.repayment, OLD.paper_id, OLD.prepared_by_id, OLD.prepared_at)
        OR (OLD.state, NEW.state) NOT IN (('prepared', 'in_force'), ('prepared', 'declined'))) THEN
        RAISE EXCEPTION '% on % refused: the terms of a contract stay, its state moves once', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state <> 'declined' AND NOT EXISTS (
        SELECT 1 FROM projects_project WHERE id = NEW.project_id AND status = 'approved'
            AND NEW.amount <= coalesce(approved_amount, amount)) THEN
        RAISE EXCEPTION 'contract %: above the approved amount of its project', NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_contract_within_approval';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contract_holds BEFORE INSERT OR UPDATE OR DELETE ON projects_contract
    FOR EACH ROW EXECUTE FUNCTION projects_contract_holds();
ALTER TABLE projects_contract ENABLE ALWAYS TRIGGER contract_holds;
"""
NO_CONTRACT = "DROP TRIGGER contract_holds ON projects_contract; DROP FUNCTION projects_contract_holds();"
CAPITAL = """
CREATE FUNCTION projects_capital_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.confirmed_by_id IS NOT NULL) OR (TG_OP = 'UPDATE' AND (
        OLD.confirmed_by_id IS NOT NULL OR NEW.confirmed_by_id IS NULL
        OR (NEW.id, NEW.contract_id, NEW.amount, NEW.paid_on, NEW.paper_id, NEW.entered_by_id, NEW.entered_at)
            IS DISTINCT FROM
           (OLD.id, OLD.contract_id, OLD.amount, OLD.paid_on, OLD.paper_id, OLD.entered_by_id, OLD.entered_at))) THEN
        RAISE EXCEPTION '% on % refused: paid-in capital is entered, then confirmed once', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER capital_stays BEFORE INSERT OR UPDATE OR DELETE ON projects_capitalpayment
    FOR EACH ROW EXECUTE FUNCTION projects_capital_stays();
ALTER TABLE projects_capitalpayment ENABLE ALWAYS TRIGGER capital_stays;
"""
NO_CAPITAL = "DROP TRIGGER capital_stays ON projects_capitalpayment; DROP FUNCTION projects_capital_stays();"
# The contract's row is locked before its releases are summed up: of two at one moment the second waits and sees both.
DRAWDOWN = """
CREATE FUNCTION projects_drawdown_holds() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    held record;
    released numeric;
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.state <> 'requested') THEN
        RAISE EXCEPTION '% on % refused: a draw-down is requested, then only moved', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (NEW.id, NEW.contract_id, NEW.number, NEW.amount, NEW.purpose, NEW.requested_by_id, NEW.requested_at)
        IS DISTINCT FROM
        (OLD.id, OLD.contract_id, OLD.number, OLD.amount, OLD.purpose, OLD.requested_by_id, OLD.requested_at)
        OR (OLD.state, NEW.state) NOT IN (
            ('requested', 'released'), ('requested', 'declined'), ('released', 'paid'))
        OR (OLD.state <> 'requested' AND (NEW.decided_by_id, NEW.decided_at, NEW.decided_reason, NEW.checks)
            IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at, OLD.decided_reason, OLD.checks))) THEN
        RAISE EXCEPTION '% on % refused: what was requested stays, its state moves one way', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.state = 'released' THEN
        SELECT state, amount, prepared_by_id INTO held FROM projects_contract WHERE id = NEW.contract_id FOR UPDATE;
        IF held.state <> 'in_force' THEN
            RAISE EXCEPTION 'the contract of draw-down % is not in force', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_drawdown_contract_in_force';
        END IF;
        IF held.prepared_by_id = NEW.decided_by_id THEN
            RAISE EXCEPTION 'who entered the contract of draw-down % releases nothing under it', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_drawdown_released_by_another';
        END IF;
        SELECT coalesce(sum(amount), 0) INTO released FROM projects_drawdown
            WHERE contract_id = NEW.contract_id AND state IN ('released', 'paid') AND id <> NEW.id;
        IF released + NEW.amount > held.amount THEN
            RAISE EXCEPTION 'draw-down %: % and % released exceed the contract of %', NEW.id, NEW.amount, released,
                held.amount USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_drawdown_within_contract';
        END IF;
        IF NEW.amount IS DISTINCT FROM (SELECT sum(amount) FROM projects_payee WHERE drawdown_id = NEW.id) THEN
            RAISE EXCEPTION 'draw-down %: its payees receive another sum', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_drawdown_is_its_payees';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER drawdown_holds BEFORE INSERT OR UPDATE OR DELETE ON projects_drawdown
    FOR EACH ROW EXECUTE FUNCTION projects_drawdown_holds();
ALTER TABLE projects_drawdown ENABLE ALWAYS TRIGGER drawdown_holds;
CREATE FUNCTION projects_payee_of_request() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT state FROM projects_drawdown WHERE id = NEW.drawdown_id FOR UPDATE) <> 'requested' THEN
        RAISE EXCEPTION 'the payees of draw-down % stay', NEW.drawdown_id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payee_of_request BEFORE INSERT ON projects_payee
    FOR EACH ROW EXECUTE FUNCTION projects_payee_of_request();
ALTER TABLE projects_payee ENABLE ALWAYS TRIGGER payee_of_request;
"""
NO_DRAWDOWN = """
DROP TRIGGER payee_of_request ON projects_payee; DROP FUNCTION projects_payee_of_request();
DROP TRIGGER drawdown_holds ON projects_drawdown; DROP FUNCTION projects_drawdown_holds();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0100_funding"), ("kernel", "0002_audit_guards")]

    operations = [
        *keep_words("projects_contract", people={"prepared_by": "prepared_at", "checked_by": "checked_at"}),
        *keep_words("projects_capitalpayment", people={"entered_by": "entered_at", "confirmed_by": "confirmed_at"}),
        *keep_words(
            "projects_drawdown",
            people={"requested_by": "requested_at", "decided_by": "decided_at", "paid_by": "paid_at"},
        ),
        migrations.RunSQL(WITH_PROJECT, FACILITY),
        migrations.RunSQL(CONTRACT, NO_CONTRACT),
        migrations.RunSQL(CAPITAL, NO_CAPITAL),
        migrations.RunSQL(DRAWDOWN, NO_DRAWDOWN),
        *append_only("projects_payee"),
    ]
