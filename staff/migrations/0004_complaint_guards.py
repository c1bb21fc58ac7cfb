"""What Django's constraints cannot say about a complaint: its dates, its seats, and that nothing moves unrecorded."""

from django.db import migrations

from crm.kernel.audit import guards

# Whoever answers for a complaint, checks it or decides an extension has exactly that seat; a party concerned has
# another part, so the key finds nothing, whoever writes, however fast. The dates follow from receipt, limit and pauses.
KEYS = """
ALTER TABLE staff_complaint
    ADD CONSTRAINT staff_complaint_answered_from_a_seat FOREIGN KEY (id, responsible_id, responsible_part)
        REFERENCES staff_complaintseat (complaint_id, person_id, part),
    ADD CONSTRAINT staff_complaint_received_in_beijing
        CHECK (received_on = (received_at AT TIME ZONE 'Asia/Shanghai')::date),
    ADD CONSTRAINT staff_complaint_due_follows
        CHECK (due_none = LEAST(received_on + limit_days + paused_days, received_on + longest_days));
ALTER TABLE staff_complaintevent
    ADD CONSTRAINT staff_complaintevent_has_seat FOREIGN KEY (complaint_id, person_id, part)
        REFERENCES staff_complaintseat (complaint_id, person_id, part);
ALTER TABLE staff_extension
    ADD CONSTRAINT staff_extension_decided_from_a_seat FOREIGN KEY (complaint_id, decided_by_id, checker_part)
        REFERENCES staff_complaintseat (complaint_id, person_id, part),
    ADD CONSTRAINT staff_extension_told_in_beijing
        CHECK (told_on = (told_at AT TIME ZONE 'Asia/Shanghai')::date);
"""
DROP_KEYS = """
ALTER TABLE staff_extension
    DROP CONSTRAINT staff_extension_decided_from_a_seat, DROP CONSTRAINT staff_extension_told_in_beijing;
ALTER TABLE staff_complaintevent DROP CONSTRAINT staff_complaintevent_has_seat;
ALTER TABLE staff_complaint
    DROP CONSTRAINT staff_complaint_answered_from_a_seat, DROP CONSTRAINT staff_complaint_received_in_beijing,
    DROP CONSTRAINT staff_complaint_due_follows;
"""

# Receipt stays; a limit grows by one extension told in time, stopped days by pauses, a reply and an end by their event
# since the last reopening. A major complaint is replied to only after another person passed exactly this draft.
COMPLAINT_STAYS = """
CREATE FUNCTION complaint_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    since bigint;
    draft bigint;
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.id, NEW.number, NEW.channel, NEW.received_at, NEW.received_on, NEW.longest_days, NEW.roll, NEW.code_hash)
          <> (OLD.id, OLD.number, OLD.channel, OLD.received_at, OLD.received_on, OLD.longest_days, OLD.roll,
              OLD.code_hash)
       OR (OLD.first_replied_at IS NOT NULL AND NEW.first_replied_at IS DISTINCT FROM OLD.first_replied_at)
       OR NEW.reopened < OLD.reopened THEN
        RAISE EXCEPTION '% on % refused: receipt and first reply are evidence', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.limit_days, NEW.extensions) <> (OLD.limit_days, OLD.extensions) AND (
        NEW.extensions <> OLD.extensions + 1 OR NOT EXISTS (
            SELECT 1 FROM staff_extension WHERE complaint_id = NEW.id AND step = NEW.extensions
                AND days = NEW.limit_days AND is_approved AND told_on <= OLD.due_on)) THEN
        RAISE EXCEPTION 'refused: a limit moves by an extension approved and told in time'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_extended_by_record';
    END IF;
    IF NEW.paused_days <> OLD.paused_days AND NEW.paused_days <> COALESCE((
        SELECT sum(COALESCE(ended_on, planned_end) - started_on) FROM staff_pause WHERE complaint_id = NEW.id), 0) THEN
        RAISE EXCEPTION 'refused: stopped days are those of the pauses'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_paused_by_record';
    END IF;
    IF NEW.responsible_id IS DISTINCT FROM OLD.responsible_id AND NEW.responsible_id IS NOT NULL THEN
        PERFORM 1 FROM staff_complaintseat
            WHERE complaint_id = NEW.id AND person_id = NEW.responsible_id AND barred_at IS NULL FOR UPDATE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'refused: this seat has no voice'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_answered_with_voice';
        END IF;
    END IF;
    IF NEW.grade <> OLD.grade AND NOT EXISTS (
        SELECT 1 FROM staff_complaintevent WHERE complaint_id = NEW.id AND kind = 'classed'
            AND data ->> 'grade' = NEW.grade) THEN
        RAISE EXCEPTION 'refused: a class changes by a recorded reason'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_classed_by_record';
    END IF;
    IF NEW.status <> OLD.status THEN
        SELECT COALESCE(max(id), 0) INTO since FROM staff_complaintevent
            WHERE complaint_id = NEW.id AND kind = 'reopened';
        SELECT COALESCE(max(id), 0) INTO draft FROM staff_complaintevent
            WHERE complaint_id = NEW.id AND kind = 'drafted' AND id > since;
        IF NEW.status IN ('replied', 'closed') AND (
            NOT EXISTS (SELECT 1 FROM staff_complaintevent
                WHERE complaint_id = NEW.id AND kind = 'replied' AND id > since)
            OR (NEW.grade = 'major' AND OLD.status NOT IN ('replied', 'closed') AND NOT EXISTS (
                SELECT 1 FROM staff_complaintevent
                WHERE complaint_id = NEW.id AND kind = 'reviewed' AND id > draft AND draft > 0))
            OR (NEW.status = 'closed' AND NOT EXISTS (SELECT 1 FROM staff_complaintevent
                WHERE complaint_id = NEW.id AND kind = 'closed' AND id > since))) THEN
            RAISE EXCEPTION 'refused: a complaint is replied to and closed by what was recorded'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_ends_by_record';
        END IF;
        IF OLD.status IN ('replied', 'closed') AND NEW.status NOT IN ('replied', 'closed')
           AND NEW.reopened <> OLD.reopened + 1 THEN
            RAISE EXCEPTION 'refused: a complaint comes back by a recorded reopening'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_reopens_by_record';
        END IF;
    END IF;
    IF NEW.reopened <> OLD.reopened AND NEW.reopened <> (
        SELECT count(*) FROM staff_complaintevent WHERE complaint_id = NEW.id AND kind = 'reopened') THEN
        RAISE EXCEPTION 'refused: a complaint comes back by a recorded reopening'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_reopens_by_record';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER complaint_stays BEFORE UPDATE OR DELETE ON staff_complaint
    FOR EACH ROW EXECUTE FUNCTION complaint_stays();
ALTER TABLE staff_complaint ENABLE ALWAYS TRIGGER complaint_stays;

-- A new complaint starts at the beginning.
CREATE FUNCTION complaint_starts() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.status <> 'received' OR NEW.extensions <> 0 OR NEW.paused_days <> 0 OR NEW.reopened <> 0
       OR NEW.first_replied_at IS NOT NULL OR NEW.responsible_id IS NOT NULL THEN
        RAISE EXCEPTION 'refused: a complaint starts when it is received'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_starts';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER complaint_starts BEFORE INSERT ON staff_complaint
    FOR EACH ROW EXECUTE FUNCTION complaint_starts();
ALTER TABLE staff_complaint ENABLE ALWAYS TRIGGER complaint_starts;
"""
DROP_COMPLAINT_STAYS = """
DROP TRIGGER complaint_starts ON staff_complaint; DROP FUNCTION complaint_starts();
DROP TRIGGER complaint_stays ON staff_complaint; DROP FUNCTION complaint_stays();
"""

# A part is given once; a voice that was lost is not given back, and nobody loses it while they still answer.
SEAT_STAYS = """
CREATE FUNCTION complaint_seat_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.id, NEW.complaint_id, NEW.person_id, NEW.part) <> (OLD.id, OLD.complaint_id, OLD.person_id, OLD.part)
       OR (OLD.barred_at IS NOT NULL AND NEW.barred_at IS DISTINCT FROM OLD.barred_at)
       OR (OLD.tie <> '' AND NEW.tie = '') THEN
        RAISE EXCEPTION '% on % refused: a part is kept as it was given', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.barred_at IS NOT NULL AND OLD.barred_at IS NULL THEN
        PERFORM 1 FROM staff_complaint WHERE id = NEW.complaint_id AND responsible_id = NEW.person_id FOR UPDATE;
        IF FOUND THEN
            RAISE EXCEPTION 'refused: whoever answers keeps the voice until somebody else answers'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_answered_with_voice';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seat_stays BEFORE UPDATE OR DELETE ON staff_complaintseat
    FOR EACH ROW EXECUTE FUNCTION complaint_seat_stays();
ALTER TABLE staff_complaintseat ENABLE ALWAYS TRIGGER seat_stays;
"""
DROP_SEAT_STAYS = "DROP TRIGGER seat_stays ON staff_complaintseat; DROP FUNCTION complaint_seat_stays();"

# An act needs a seat with a voice; the row is held while it is judged.
EVENT_HAS_VOICE = """
CREATE FUNCTION complaint_event_has_voice() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.part IS NOT NULL THEN
        PERFORM 1 FROM staff_complaintseat
            WHERE complaint_id = NEW.complaint_id AND person_id = NEW.person_id AND barred_at IS NOT NULL FOR UPDATE;
        IF FOUND THEN
            RAISE EXCEPTION 'refused: this seat has no voice'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaintevent_has_voice';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER event_has_voice BEFORE INSERT ON staff_complaintevent
    FOR EACH ROW EXECUTE FUNCTION complaint_event_has_voice();
ALTER TABLE staff_complaintevent ENABLE ALWAYS TRIGGER event_has_voice;
"""
DROP_EVENT_HAS_VOICE = (
    "DROP TRIGGER event_has_voice ON staff_complaintevent; DROP FUNCTION complaint_event_has_voice();"
)

# An extension is registered before the limit in force, decided once, told once.
EXTENSION_STAYS = """
CREATE FUNCTION complaint_extension_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM staff_complaint WHERE id = NEW.complaint_id AND due_on = NEW.due_before
            AND NEW.step = extensions + 1 AND NEW.days <= longest_days
            AND (NEW.requested_at AT TIME ZONE 'Asia/Shanghai')::date <= due_on FOR UPDATE;
        IF NOT FOUND OR NEW.is_approved IS NOT NULL THEN
            RAISE EXCEPTION 'refused: an extension is registered in time and waits for its approval'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_extension_registered_in_time';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE'
       OR (NEW.id, NEW.complaint_id, NEW.step, NEW.days, NEW.reason, NEW.due_before, NEW.requested_by_id,
           NEW.requested_at)
          <> (OLD.id, OLD.complaint_id, OLD.step, OLD.days, OLD.reason, OLD.due_before, OLD.requested_by_id,
              OLD.requested_at)
       OR (OLD.decided_at IS NOT NULL AND (NEW.decided_by_id, NEW.decided_at, NEW.is_approved, NEW.decision)
          IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at, OLD.is_approved, OLD.decision))
       OR (OLD.told_at IS NOT NULL AND (NEW.told_at, NEW.told_how) IS DISTINCT FROM (OLD.told_at, OLD.told_how))
       OR (NEW.told_at IS NOT NULL AND OLD.is_approved IS NOT TRUE) THEN
        RAISE EXCEPTION '% on % refused: an extension is kept as it was decided and told', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER extension_stays BEFORE INSERT OR UPDATE OR DELETE ON staff_extension
    FOR EACH ROW EXECUTE FUNCTION complaint_extension_stays();
ALTER TABLE staff_extension ENABLE ALWAYS TRIGGER extension_stays;

CREATE FUNCTION complaint_pause_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM staff_complaint WHERE id = NEW.complaint_id AND NEW.started_on < due_on
            AND EXISTS (SELECT 1 FROM staff_complaintseat
                WHERE complaint_id = NEW.complaint_id AND part = 'checker') FOR UPDATE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'refused: the clock is stopped in time, by a second person'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_pause_in_time';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.ended_on IS NOT NULL
       OR (NEW.id, NEW.complaint_id, NEW.reason, NEW.note, NEW.started_on, NEW.planned_end)
          <> (OLD.id, OLD.complaint_id, OLD.reason, OLD.note, OLD.started_on, OLD.planned_end) THEN
        RAISE EXCEPTION '% on % refused: a pause is kept as it was agreed', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pause_stays BEFORE INSERT OR UPDATE OR DELETE ON staff_pause
    FOR EACH ROW EXECUTE FUNCTION complaint_pause_stays();
ALTER TABLE staff_pause ENABLE ALWAYS TRIGGER pause_stays;
"""
DROP_EXTENSION_STAYS = """
DROP TRIGGER pause_stays ON staff_pause; DROP FUNCTION complaint_pause_stays();
DROP TRIGGER extension_stays ON staff_extension; DROP FUNCTION complaint_extension_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0003_kpi_guards"), ("kernel", "0002_audit_guards")]

    operations = [
        migrations.RunSQL(KEYS, DROP_KEYS),
        migrations.RunSQL(COMPLAINT_STAYS, DROP_COMPLAINT_STAYS),
        migrations.RunSQL(SEAT_STAYS, DROP_SEAT_STAYS),
        migrations.RunSQL(EVENT_HAS_VOICE, DROP_EVENT_HAS_VOICE),
        migrations.RunSQL(EXTENSION_STAYS, DROP_EXTENSION_STAYS),
        *guards.append_only("staff_complaintevent"),
    ]
