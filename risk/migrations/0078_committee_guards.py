"""The database's half of the committee: who may vote, when, and that what was decided stays as it is.

A vote hangs on its member's attendance, the attendance on that member's seat in the case; one person has one seat in a
case, so no maker, reviewer or approver of it has a vote, whoever writes, however fast.
"""

from django.db import migrations

from crm.kernel.access.kept_words import keep_words
from crm.kernel.audit import guards

KEYS = """
ALTER TABLE risk_agendaitem ADD CONSTRAINT risk_agendaitem_of_case UNIQUE (id, case_id);
ALTER TABLE risk_agendaitem ADD CONSTRAINT risk_agendaitem_over_its_dossier
    FOREIGN KEY (case_id, round, dossier_sha256) REFERENCES risk_reviewround (case_id, number, dossier_sha256);
ALTER TABLE risk_attendance
    ADD CONSTRAINT risk_attendance_of_case FOREIGN KEY (item_id, case_id) REFERENCES risk_agendaitem (id, case_id),
    ADD CONSTRAINT risk_attendance_from_seat FOREIGN KEY (case_id, person_id, seat)
        REFERENCES risk_reviewseat (case_id, person_id, stage);
ALTER TABLE risk_vote ADD CONSTRAINT risk_vote_has_attendance FOREIGN KEY (item_id, person_id, seat)
    REFERENCES risk_attendance (item_id, person_id, seat);
"""
DROP_KEYS = """
ALTER TABLE risk_vote DROP CONSTRAINT risk_vote_has_attendance;
ALTER TABLE risk_attendance DROP CONSTRAINT risk_attendance_of_case, DROP CONSTRAINT risk_attendance_from_seat;
ALTER TABLE risk_agendaitem DROP CONSTRAINT risk_agendaitem_over_its_dossier;
ALTER TABLE risk_agendaitem DROP CONSTRAINT risk_agendaitem_of_case;
"""
# The hearing is locked before it is judged, so no other transaction closes the ballot in between.
VOTE = """
CREATE FUNCTION risk_vote_in_turn() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM risk_agendaitem AS item JOIN risk_meeting AS meeting ON meeting.id = item.meeting_id
        WHERE item.id = NEW.item_id AND item.status = 'voting' AND meeting.status = 'convened'
          AND meeting.secretary_id <> NEW.person_id AND item.presenter_id <> NEW.person_id
          AND NOT (NEW.kind = 'reconsider' AND item.hearing > 1)
        FOR UPDATE OF item;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'vote refused: the ballot is closed, or this person has no vote in it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_vote_in_turn';
    END IF;
    PERFORM 1 FROM risk_agendaitem AS item
        JOIN risk_reviewcase AS reviewed ON reviewed.id = item.case_id
        JOIN risk_reviewseat AS seat ON seat.case_id = item.case_id AND seat.person_id = NEW.person_id
        WHERE item.id = NEW.item_id AND reviewed.status = 'open' AND reviewed.stage = 'committee'
          AND reviewed.round = item.round AND seat.declared_at IS NOT NULL AND seat.recused_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'vote refused: the case has moved on, or this seat has no voice'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_vote_in_turn';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vote_in_turn BEFORE INSERT ON risk_vote FOR EACH ROW EXECUTE FUNCTION risk_vote_in_turn();
ALTER TABLE risk_vote ENABLE ALWAYS TRIGGER vote_in_turn;
"""
DROP_VOTE = "DROP TRIGGER vote_in_turn ON risk_vote; DROP FUNCTION risk_vote_in_turn();"

# Attendance is recorded with the opening of the ballot, not afterwards.
ATTENDANCE = """
CREATE FUNCTION risk_attendance_in_turn() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM risk_agendaitem WHERE id = NEW.item_id AND status = 'listed' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'attendance refused: the ballot is open or closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_attendance_in_turn';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attendance_in_turn BEFORE INSERT ON risk_attendance
    FOR EACH ROW EXECUTE FUNCTION risk_attendance_in_turn();
ALTER TABLE risk_attendance ENABLE ALWAYS TRIGGER attendance_in_turn;
"""
DROP_ATTENDANCE = "DROP TRIGGER attendance_in_turn ON risk_attendance; DROP FUNCTION risk_attendance_in_turn();"

# A result agrees with its votes: every voter has voted, and the figures are those of the rows.
ITEM = """
CREATE FUNCTION risk_agendaitem_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    yes integer;
    cast_votes integer;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM risk_reviewcase
            WHERE id = NEW.case_id AND status = 'open' AND stage = 'committee' AND round = NEW.round FOR UPDATE;
        IF NOT FOUND OR NEW.status <> 'listed' THEN
            RAISE EXCEPTION 'refused: the case does not wait for the committee'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_agendaitem_in_turn';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.status IN ('decided', 'removed')
       OR (OLD.status = 'voting' AND NEW.status = 'listed') OR (OLD.status = 'listed' AND NEW.status = 'decided')
       OR (NEW.id, NEW.meeting_id, NEW.case_id, NEW.round, NEW.dossier_sha256, NEW.hearing, NEW.presenter_id)
          <> (OLD.id, OLD.meeting_id, OLD.case_id, OLD.round, OLD.dossier_sha256, OLD.hearing, OLD.presenter_id)
       OR (OLD.status = 'voting' AND (NEW.seats, NEW.chair_id, NEW.opened_at)
           IS DISTINCT FROM (OLD.seats, OLD.chair_id, OLD.opened_at)) THEN
        RAISE EXCEPTION '% on % refused: a hearing stays as it was held', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.status = 'decided' THEN
        SELECT count(*), count(*) FILTER (WHERE vote.kind IN ('for', 'for_with_condition')) INTO cast_votes, yes
            FROM risk_attendance AS came
            JOIN risk_reviewseat AS seat ON seat.case_id = came.case_id AND seat.person_id = came.person_id
            JOIN risk_vote AS vote ON vote.item_id = came.item_id AND vote.person_id = came.person_id
            WHERE came.item_id = NEW.id AND seat.recused_at IS NULL;
        IF (cast_votes, yes) <> (NEW.present, NEW.votes_for) THEN
            RAISE EXCEPTION 'refused: the result does not agree with the votes'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_agendaitem_counts_its_votes';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agendaitem_stays BEFORE INSERT OR UPDATE OR DELETE ON risk_agendaitem
    FOR EACH ROW EXECUTE FUNCTION risk_agendaitem_stays();
ALTER TABLE risk_agendaitem ENABLE ALWAYS TRIGGER agendaitem_stays;
"""
DROP_ITEM = "DROP TRIGGER agendaitem_stays ON risk_agendaitem; DROP FUNCTION risk_agendaitem_stays();"

MEETING = """
CREATE FUNCTION risk_meeting_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status = 'closed'
       OR (NEW.id, NEW.number, NEW.secretary_id) <> (OLD.id, OLD.number, OLD.secretary_id) THEN
        RAISE EXCEPTION '% on % refused: a meeting stays as it was held', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_stays BEFORE UPDATE OR DELETE ON risk_meeting
    FOR EACH ROW EXECUTE FUNCTION risk_meeting_stays();
ALTER TABLE risk_meeting ENABLE ALWAYS TRIGGER meeting_stays;
"""
DROP_MEETING = "DROP TRIGGER meeting_stays ON risk_meeting; DROP FUNCTION risk_meeting_stays();"

# The committee's decision on a case says what its closed ballot says, and only its meeting's secretary writes it.
DECISION = """
CREATE FUNCTION risk_decision_by_vote() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM risk_agendaitem AS item JOIN risk_meeting AS meeting ON meeting.id = item.meeting_id
        WHERE item.case_id = NEW.case_id AND item.round = NEW.round AND item.status = 'decided'
          AND meeting.secretary_id = NEW.person_id
          AND NEW.verb = CASE item.result
              WHEN 'approved' THEN 'approve' WHEN 'approved_with_conditions' THEN 'approve_with_conditions'
              WHEN 'reconsider' THEN 'return' ELSE 'reject' END;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'decision refused: the committee has not voted so'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_decision_by_vote';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_by_vote BEFORE INSERT ON risk_decision
    FOR EACH ROW WHEN (NEW.stage = 'committee' AND NEW.verb <> 'recuse') EXECUTE FUNCTION risk_decision_by_vote();
ALTER TABLE risk_decision ENABLE ALWAYS TRIGGER decision_by_vote;
"""
DROP_DECISION = "DROP TRIGGER decision_by_vote ON risk_decision; DROP FUNCTION risk_decision_by_vote();"


class Migration(migrations.Migration):
    dependencies = [("risk", "0077_committee"), ("kernel", "0071_words_kept")]

    operations = [
        migrations.RunSQL(KEYS, DROP_KEYS),
        migrations.RunSQL(VOTE, DROP_VOTE),
        migrations.RunSQL(ATTENDANCE, DROP_ATTENDANCE),
        migrations.RunSQL(ITEM, DROP_ITEM),
        migrations.RunSQL(MEETING, DROP_MEETING),
        migrations.RunSQL(DECISION, DROP_DECISION),
        *keep_words("risk_meeting", people={"secretary": "convened_at"}),
        *keep_words("risk_agendaitem", people={"presenter": "", "chair": "opened_at"}),
        *keep_words("risk_attendance", people={"person": "noted_at"}),
        *keep_words("risk_vote", people={"person": "cast_at"}),
        *guards.append_only("risk_attendance"),
        *guards.append_only("risk_vote"),
    ]
