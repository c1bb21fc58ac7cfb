"""What the database itself refuses about KPI, to the application role as to everybody (trust rows 10 and 48).

A closed quarter, its results and the schemes it was measured by stay as they are. A scheme is published with weights of
100 or not at all. Whoever is measured in a quarter does not close it. A correction names a closed quarter and appears
in a later, open one.

A trigger that looks holds what it looks at: results and corrections lock their quarter FOR SHARE, a scheme's rows their
scheme, so that a closing or a publication at the same moment is waited for and then seen.
"""

from django.db import migrations

from crm.kernel.audit.guards import append_only

PERIOD_STAYS = """
CREATE FUNCTION kpi_period_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.closed_at IS NOT NULL THEN
            RAISE EXCEPTION 'a quarter begins open'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_kpiperiod_begins_open';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.closed_at IS NOT NULL
       OR (NEW.id, NEW.code, NEW.starts_on, NEW.ends_on) <> (OLD.id, OLD.code, OLD.starts_on, OLD.ends_on) THEN
        RAISE EXCEPTION '% on % refused: quarter % is evidence', TG_OP, TG_TABLE_NAME, OLD.code
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'staff_kpiperiod_stays';
    END IF;
    IF NEW.closed_at IS NOT NULL THEN
        IF EXISTS (SELECT 1 FROM staff_kpiresult WHERE period_id = NEW.id AND person_id = NEW.closed_by_id) THEN
            RAISE EXCEPTION 'refused: who is measured in quarter % does not close it', NEW.code
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_kpiperiod_not_by_a_subject';
        END IF;
        IF NEW.people <> (SELECT count(*) FROM staff_kpiresult WHERE period_id = NEW.id) THEN
            RAISE EXCEPTION 'refused: quarter % closes with other people than it measured', NEW.code
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_kpiperiod_people_counted';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER period_stays BEFORE INSERT OR UPDATE OR DELETE ON staff_kpiperiod
    FOR EACH ROW EXECUTE FUNCTION kpi_period_stays();
ALTER TABLE staff_kpiperiod ENABLE ALWAYS TRIGGER period_stays;
"""
DROP_PERIOD_STAYS = "DROP TRIGGER period_stays ON staff_kpiperiod; DROP FUNCTION kpi_period_stays();"

RESULT_STAYS = """
CREATE FUNCTION kpi_result_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    wanted bigint[];
    closed text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        wanted := ARRAY[NEW.period_id];
    ELSIF TG_OP = 'DELETE' THEN
        wanted := ARRAY[OLD.period_id];
    ELSE
        wanted := ARRAY[OLD.period_id, NEW.period_id];
    END IF;
    -- Two statements: the first waits for whoever is closing, the second sees what they did.
    PERFORM 1 FROM staff_kpiperiod WHERE id = ANY(wanted) ORDER BY id FOR SHARE;
    SELECT max(code) INTO closed FROM staff_kpiperiod WHERE id = ANY(wanted) AND closed_at IS NOT NULL;
    IF closed IS NOT NULL THEN
        RAISE EXCEPTION '% on % refused: quarter % is closed', TG_OP, TG_TABLE_NAME, closed
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'staff_kpiresult_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER result_stays BEFORE INSERT OR UPDATE OR DELETE ON staff_kpiresult
    FOR EACH ROW EXECUTE FUNCTION kpi_result_stays();
ALTER TABLE staff_kpiresult ENABLE ALWAYS TRIGGER result_stays;
"""
DROP_RESULT_STAYS = "DROP TRIGGER result_stays ON staff_kpiresult; DROP FUNCTION kpi_result_stays();"

SCHEME_STAYS = """
CREATE FUNCTION kpi_scheme_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    total numeric;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'a scheme begins as a draft'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_kpischeme_begins_as_draft';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.status <> 'draft' OR (NEW.id, NEW.post_id, NEW.number, NEW.proposed_by_id)
       <> (OLD.id, OLD.post_id, OLD.number, OLD.proposed_by_id) THEN
        RAISE EXCEPTION '% on % refused: only a draft changes', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'staff_kpischeme_stays';
    END IF;
    IF NEW.status = 'published' THEN
        SELECT coalesce(sum(weight), 0) INTO total FROM staff_kpischemerow WHERE scheme_id = NEW.id;
        IF total <> 100 THEN
            RAISE EXCEPTION 'refused: the weights of a scheme come to 100, not to %', total
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_kpischeme_weights_100';
        END IF;
        IF EXISTS (SELECT 1 FROM staff_kpiperiod WHERE starts_on >= NEW.effective_from AND closed_at IS NOT NULL) THEN
            RAISE EXCEPTION 'refused: a quarter this scheme would apply to is closed'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_kpischeme_not_backdated';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER scheme_stays BEFORE INSERT OR UPDATE OR DELETE ON staff_kpischeme
    FOR EACH ROW EXECUTE FUNCTION kpi_scheme_stays();
ALTER TABLE staff_kpischeme ENABLE ALWAYS TRIGGER scheme_stays;

CREATE FUNCTION kpi_schemerow_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    wanted bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        wanted := ARRAY[NEW.scheme_id];
    ELSIF TG_OP = 'DELETE' THEN
        wanted := ARRAY[OLD.scheme_id];
    ELSE
        wanted := ARRAY[OLD.scheme_id, NEW.scheme_id];
    END IF;
    PERFORM 1 FROM staff_kpischeme WHERE id = ANY(wanted) ORDER BY id FOR SHARE;
    IF EXISTS (SELECT 1 FROM staff_kpischeme WHERE id = ANY(wanted) AND status <> 'draft') THEN
        RAISE EXCEPTION '% on % refused: only a draft changes', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'staff_kpischemerow_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER schemerow_stays BEFORE INSERT OR UPDATE OR DELETE ON staff_kpischemerow
    FOR EACH ROW EXECUTE FUNCTION kpi_schemerow_stays();
ALTER TABLE staff_kpischemerow ENABLE ALWAYS TRIGGER schemerow_stays;
"""
DROP_SCHEME_STAYS = """
DROP TRIGGER scheme_stays ON staff_kpischeme; DROP FUNCTION kpi_scheme_stays();
DROP TRIGGER schemerow_stays ON staff_kpischemerow; DROP FUNCTION kpi_schemerow_stays();
"""

CORRECTION_PLACED = """
CREATE FUNCTION kpi_correction_placed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    of_quarter record;
    shown_in record;
BEGIN
    PERFORM 1 FROM staff_kpiperiod WHERE id IN (NEW.period_id, NEW.appears_in_id) ORDER BY id FOR SHARE;
    SELECT starts_on, closed_at INTO of_quarter FROM staff_kpiperiod WHERE id = NEW.period_id;
    SELECT starts_on, closed_at INTO shown_in FROM staff_kpiperiod WHERE id = NEW.appears_in_id;
    IF of_quarter.closed_at IS NULL OR shown_in.closed_at IS NOT NULL OR shown_in.starts_on <= of_quarter.starts_on THEN
        RAISE EXCEPTION 'refused: a correction names a closed quarter and appears in a later, open one'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_kpicorrection_placed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_placed BEFORE INSERT ON staff_kpicorrection
    FOR EACH ROW EXECUTE FUNCTION kpi_correction_placed();
ALTER TABLE staff_kpicorrection ENABLE ALWAYS TRIGGER correction_placed;
"""
DROP_CORRECTION_PLACED = "DROP TRIGGER correction_placed ON staff_kpicorrection; DROP FUNCTION kpi_correction_placed();"


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_kpi"), ("kernel", "0002_audit_guards")]

    operations = [
        migrations.RunSQL(PERIOD_STAYS, DROP_PERIOD_STAYS),
        migrations.RunSQL(RESULT_STAYS, DROP_RESULT_STAYS),
        migrations.RunSQL(SCHEME_STAYS, DROP_SCHEME_STAYS),
        migrations.RunSQL(CORRECTION_PLACED, DROP_CORRECTION_PLACED),
        *append_only("staff_kpicorrection"),
    ]
