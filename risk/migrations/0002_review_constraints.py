"""What Django's constraints cannot say about a review: composite keys, and rows that stay as they were written."""

from django.db import migrations

from crm.kernel.audit import guards

# A decision hangs on its own seat (same case, person and stage) and on its own round with that round's hash. A maker's
# seat has the stage "maker", which no decision may have: so a maker is never a checker, whoever writes, however fast.
KEYS = """
ALTER TABLE risk_decision
    ADD CONSTRAINT risk_decision_has_seat FOREIGN KEY (case_id, person_id, stage)
        REFERENCES risk_reviewseat (case_id, person_id, stage),
    ADD CONSTRAINT risk_decision_over_its_dossier FOREIGN KEY (case_id, round, dossier_sha256)
        REFERENCES risk_reviewround (case_id, number, dossier_sha256);
"""
DROP_KEYS = """
ALTER TABLE risk_decision DROP CONSTRAINT risk_decision_has_seat, DROP CONSTRAINT risk_decision_over_its_dossier;
"""

# A trigger that looks is no protection unless it holds what it looked at: both rows are locked before they are judged,
# case before seat as everywhere, so no other transaction can move the case or take the voice away in between.
DECISION_IN_TURN = """
CREATE FUNCTION review_decision_in_turn() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM risk_reviewcase
        WHERE id = NEW.case_id AND status = 'open' AND stage = NEW.stage AND round = NEW.round AND step = NEW.step
        FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'decision refused: the case is closed or stands elsewhere'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_decision_in_turn';
    END IF;
    PERFORM 1 FROM risk_reviewseat
        WHERE case_id = NEW.case_id AND person_id = NEW.person_id AND recused_at IS NOT NULL FOR UPDATE;
    IF FOUND THEN
        RAISE EXCEPTION 'decision refused: this seat has no voice any more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_decision_has_voice';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_in_turn BEFORE INSERT ON risk_decision
    FOR EACH ROW EXECUTE FUNCTION review_decision_in_turn();
ALTER TABLE risk_decision ENABLE ALWAYS TRIGGER decision_in_turn;
"""
DROP_DECISION_IN_TURN = """
DROP TRIGGER decision_in_turn ON risk_decision;
DROP FUNCTION review_decision_in_turn();
"""

# A seat is given once: its person and stage never change, a declaration and a recusal are never taken back.
SEAT_STAYS = """
CREATE FUNCTION review_seat_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.id, NEW.case_id, NEW.person_id, NEW.stage) <> (OLD.id, OLD.case_id, OLD.person_id, OLD.stage)
       OR (OLD.declared_at IS NOT NULL AND NEW.declared_at IS DISTINCT FROM OLD.declared_at)
       OR (OLD.recused_at IS NOT NULL AND (NEW.recused_at, NEW.barred) IS DISTINCT FROM (OLD.recused_at, OLD.barred))
    THEN
        RAISE EXCEPTION '% on % refused: a seat is kept as it was given', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seat_stays BEFORE UPDATE OR DELETE ON risk_reviewseat
    FOR EACH ROW EXECUTE FUNCTION review_seat_stays();
ALTER TABLE risk_reviewseat ENABLE ALWAYS TRIGGER seat_stays;
"""
DROP_SEAT_STAYS = "DROP TRIGGER seat_stays ON risk_reviewseat; DROP FUNCTION review_seat_stays();"

# A case keeps its number and project, its round only grows, it ends only by a decision, and then it stays as it is.
# `pg_temp` stands last in each path: a temporary table of the same name must not be what a trigger looks at.
CASE_STAYS = """
CREATE FUNCTION review_case_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.status IN ('approved', 'rejected') AND NOT EXISTS (
        SELECT 1 FROM risk_decision WHERE case_id = NEW.id AND round = NEW.round AND CASE NEW.status
            WHEN 'approved' THEN stage = 'final' AND verb IN ('approve', 'approve_with_conditions')
            ELSE verb = 'reject' END
    ) THEN
        RAISE EXCEPTION 'refused: a case ends by a decision of its round'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' OR OLD.status IN ('approved', 'rejected') OR NEW.round < OLD.round
       OR (NEW.id, NEW.number, NEW.project_id) <> (OLD.id, OLD.number, OLD.project_id) THEN
        RAISE EXCEPTION '% on % refused: a decided case is evidence', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_stays BEFORE UPDATE OR DELETE ON risk_reviewcase
    FOR EACH ROW EXECUTE FUNCTION review_case_stays();
ALTER TABLE risk_reviewcase ENABLE ALWAYS TRIGGER case_stays;
"""
DROP_CASE_STAYS = "DROP TRIGGER case_stays ON risk_reviewcase; DROP FUNCTION review_case_stays();"


class Migration(migrations.Migration):
    dependencies = [("risk", "0001_initial"), ("kernel", "0002_audit_guards")]

    operations = [
        migrations.RunSQL(KEYS, DROP_KEYS),
        migrations.RunSQL(DECISION_IN_TURN, DROP_DECISION_IN_TURN),
        migrations.RunSQL(SEAT_STAYS, DROP_SEAT_STAYS),
        migrations.RunSQL(CASE_STAYS, DROP_CASE_STAYS),
        *guards.append_only("risk_reviewround"),
        *guards.append_only("risk_decision"),
        *guards.append_only("risk_returnitem"),
        *guards.append_only("risk_conflictdeclaration"),
    ]
