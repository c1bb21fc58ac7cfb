"""The database's half of repayment: nobody alone, what was booked stays, never more back than was paid out."""

from importlib import import_module

from django.db import migrations

from crm.kernel.access.kept_words import keep_words
from crm.kernel.audit.guards import append_only

FORMER = import_module("projects.migrations.0101_funding_guards")


def function_of(sql: str) -> str:
    """The function of a guard, to be put in the place of the one that stands."""
    return sql[: sql.index("CREATE TRIGGER")].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


CONTRACT = function_of(FORMER.CONTRACT)
# `repaid` follows the parts of the repayments and nothing else; the row it changes is locked by the change itself.
WITH_REPAID = CONTRACT.replace(
    "    IF TG_OP = 'UPDATE' AND (\n",
    """    IF TG_OP = 'INSERT' AND NEW.repaid <> 0 THEN
        RAISE EXCEPTION 'contract %: nothing is repaid yet', NEW.number USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.repaid <> OLD.repaid THEN
        IF pg_trigger_depth() < 2 OR (to_jsonb(NEW) - 'repaid') <> (to_jsonb(OLD) - 'repaid') THEN
            RAISE EXCEPTION '% on % refused: what is repaid follows from the repayments', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.repaid < 0 OR NEW.repaid > (SELECT coalesce(sum(amount), 0) FROM projects_drawdown
                WHERE contract_id = NEW.id AND state = 'paid') THEN
            RAISE EXCEPTION 'contract %: % repaid is more than was paid out', NEW.number, NEW.repaid
                USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_contract_repaid_within';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (
""",
    1,
)
DRAWDOWN = function_of(FORMER.DRAWDOWN)
# What was paid back under a revolving limit can be drawn again.
REVOLVING = DRAWDOWN.replace(
    "SELECT state, amount, prepared_by_id INTO held",
    "SELECT state, amount, prepared_by_id,\n"
    "            CASE WHEN repayment = 'revolving' THEN repaid ELSE 0 END AS back INTO held",
).replace("released + NEW.amount > held.amount", "released - held.back + NEW.amount > held.amount")
PLAN = """
CREATE FUNCTION projects_plan_holds() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.state <> 'prepared') THEN
        RAISE EXCEPTION '% on % refused: a plan is laid, then only moved', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (NEW.id, NEW.contract_id, NEW.version, NEW.kind, NEW.amount, NEW.starts_on, NEW.months, NEW.grace, NEW.note,
         NEW.prepared_by_id, NEW.prepared_at)
        IS DISTINCT FROM
        (OLD.id, OLD.contract_id, OLD.version, OLD.kind, OLD.amount, OLD.starts_on, OLD.months, OLD.grace, OLD.note,
         OLD.prepared_by_id, OLD.prepared_at)
        OR (OLD.state, NEW.state) NOT IN (
            ('prepared', 'in_force'), ('prepared', 'declined'), ('in_force', 'replaced'))
        OR (OLD.state <> 'prepared' AND (NEW.checked_by_id, NEW.checked_at, NEW.declined_reason)
            IS DISTINCT FROM (OLD.checked_by_id, OLD.checked_at, OLD.declined_reason))) THEN
        RAISE EXCEPTION '% on % refused: a plan stays as it was laid, its state moves one way', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.state = 'in_force' AND NEW.amount IS DISTINCT FROM (
        SELECT sum(principal) FROM projects_instalment WHERE plan_id = NEW.id) THEN
        RAISE EXCEPTION 'plan %: its instalments do not sum to %', NEW.id, NEW.amount
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_plan_is_its_instalments';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_holds BEFORE INSERT OR UPDATE OR DELETE ON projects_repaymentplan
    FOR EACH ROW EXECUTE FUNCTION projects_plan_holds();
ALTER TABLE projects_repaymentplan ENABLE ALWAYS TRIGGER plan_holds;
CREATE FUNCTION projects_instalment_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND
        (NEW.id, NEW.plan_id, NEW.number, NEW.due_on, NEW.pay_by, NEW.principal, NEW.interest, NEW.balance)
        IS DISTINCT FROM
        (OLD.id, OLD.plan_id, OLD.number, OLD.due_on, OLD.pay_by, OLD.principal, OLD.interest, OLD.balance)) THEN
        RAISE EXCEPTION '% on % refused: an instalment stays as it was laid', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' AND (SELECT state FROM projects_repaymentplan WHERE id = NEW.plan_id FOR UPDATE)
        <> 'prepared' THEN
        RAISE EXCEPTION 'the instalments of plan % stay', NEW.plan_id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER instalment_stays BEFORE INSERT OR UPDATE OR DELETE ON projects_instalment
    FOR EACH ROW EXECUTE FUNCTION projects_instalment_stays();
ALTER TABLE projects_instalment ENABLE ALWAYS TRIGGER instalment_stays;
"""
NO_PLAN = """
DROP TRIGGER instalment_stays ON projects_instalment; DROP FUNCTION projects_instalment_stays();
DROP TRIGGER plan_holds ON projects_repaymentplan; DROP FUNCTION projects_plan_holds();
"""
REPAYMENT = """
CREATE FUNCTION projects_repayment_holds() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.state <> 'booked') THEN
        RAISE EXCEPTION '% on % refused: a repayment is booked, then only reversed', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (NEW.id, NEW.contract_id, NEW.reference, NEW.amount, NEW.value_date, NEW.is_prepayment, NEW.entered_by_id,
         NEW.entered_at)
        IS DISTINCT FROM
        (OLD.id, OLD.contract_id, OLD.reference, OLD.amount, OLD.value_date, OLD.is_prepayment, OLD.entered_by_id,
         OLD.entered_at)
        OR (OLD.state, NEW.state) <> ('booked', 'reversed')) THEN
        RAISE EXCEPTION '% on % refused: what was booked stays, it is reversed once', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.value_date > (NEW.entered_at AT TIME ZONE 'Asia/Shanghai')::date OR NOT EXISTS (
            SELECT 1 FROM projects_contract WHERE id = NEW.contract_id AND state = 'in_force'
                AND signed_on <= NEW.value_date) THEN
            RAISE EXCEPTION 'repayment %: its value date lies before the contract or in the future', NEW.reference
                USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_repayment_day_within';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER repayment_holds BEFORE INSERT OR UPDATE OR DELETE ON projects_repayment
    FOR EACH ROW EXECUTE FUNCTION projects_repayment_holds();
ALTER TABLE projects_repayment ENABLE ALWAYS TRIGGER repayment_holds;
CREATE FUNCTION projects_part_counts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    held bigint;
BEGIN
    SELECT contract_id INTO held FROM projects_repayment WHERE id = NEW.repayment_id;
    IF held IS DISTINCT FROM (SELECT contract_id FROM projects_repayment WHERE id = NEW.cause_id) THEN
        RAISE EXCEPTION 'a part of repayment % is brought about by another contract', NEW.repayment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_part_of_one_contract';
    END IF;
    IF NEW.kind IN ('principal', 'prepaid') THEN
        UPDATE projects_contract SET repaid = repaid + NEW.amount WHERE id = held;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER part_counts AFTER INSERT ON projects_repaymentpart
    FOR EACH ROW EXECUTE FUNCTION projects_part_counts();
ALTER TABLE projects_repaymentpart ENABLE ALWAYS TRIGGER part_counts;
CREATE FUNCTION projects_repayment_is_its_parts() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    held record;
    parts numeric;
    least numeric;
BEGIN
    SELECT * INTO held FROM projects_repayment
        WHERE id = CASE TG_TABLE_NAME WHEN 'projects_repayment' THEN NEW.id
            ELSE (to_jsonb(NEW) ->> 'repayment_id')::bigint END;
    SELECT coalesce(sum(one), 0), coalesce(min(one), 0) INTO parts, least FROM (
        SELECT sum(amount) AS one FROM projects_repaymentpart WHERE repayment_id = held.id GROUP BY kind) AS by_kind;
    IF parts <> (CASE held.state WHEN 'booked' THEN held.amount ELSE 0 END) OR least < 0 THEN
        RAISE EXCEPTION 'repayment %: its parts sum to % of %', held.reference, parts, held.amount
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_repayment_is_its_parts';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER repayment_is_its_parts AFTER INSERT OR UPDATE ON projects_repayment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION projects_repayment_is_its_parts();
ALTER TABLE projects_repayment ENABLE ALWAYS TRIGGER repayment_is_its_parts;
CREATE CONSTRAINT TRIGGER part_is_of_its_repayment AFTER INSERT ON projects_repaymentpart
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION projects_repayment_is_its_parts();
ALTER TABLE projects_repaymentpart ENABLE ALWAYS TRIGGER part_is_of_its_repayment;
"""
NO_REPAYMENT = """
DROP TRIGGER part_is_of_its_repayment ON projects_repaymentpart;
DROP TRIGGER repayment_is_its_parts ON projects_repayment; DROP FUNCTION projects_repayment_is_its_parts();
DROP TRIGGER part_counts ON projects_repaymentpart; DROP FUNCTION projects_part_counts();
DROP TRIGGER repayment_holds ON projects_repayment; DROP FUNCTION projects_repayment_holds();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0110_repayment"), ("kernel", "0002_audit_guards")]

    operations = [
        *keep_words("projects_repaymentplan", people={"prepared_by": "prepared_at", "checked_by": "checked_at"}),
        *keep_words("projects_repayment", people={"entered_by": "entered_at", "reversed_by": "reversed_at"}),
        migrations.RunSQL(WITH_REPAID, CONTRACT),
        migrations.RunSQL(REVOLVING, DRAWDOWN),
        migrations.RunSQL(PLAN, NO_PLAN),
        migrations.RunSQL(REPAYMENT, NO_REPAYMENT),
        *append_only("projects_repaymentpart"),
    ]
