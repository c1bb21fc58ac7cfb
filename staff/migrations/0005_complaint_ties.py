"""A tie that arises late: whoever answered loses the voice and stays on record; nobody lowers a class alone."""

from django.db import migrations

# As in 0004, but who answered a complaint that was replied to may lose the voice: nothing is theirs to do there.
SEAT_STAYS = """
CREATE OR REPLACE FUNCTION complaint_seat_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.id, NEW.complaint_id, NEW.person_id, NEW.part) <> (OLD.id, OLD.complaint_id, OLD.person_id, OLD.part)
       OR (OLD.barred_at IS NOT NULL AND NEW.barred_at IS DISTINCT FROM OLD.barred_at)
       OR (OLD.tie <> '' AND NEW.tie = '') THEN
        RAISE EXCEPTION '% on % refused: a part is kept as it was given', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.barred_at IS NOT NULL AND OLD.barred_at IS NULL THEN
        PERFORM 1 FROM staff_complaint
            WHERE id = NEW.complaint_id AND responsible_id = NEW.person_id{answering} FOR UPDATE;
        IF FOUND THEN
            RAISE EXCEPTION 'refused: whoever answers keeps the voice until somebody else answers'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_answered_with_voice';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""

# What comes back is answered with a voice, and a second person alone takes the second person away.
TWO_PEOPLE = """
CREATE FUNCTION complaint_two_people() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.status IN ('replied', 'closed') AND NEW.status NOT IN ('replied', 'closed') THEN
        PERFORM 1 FROM staff_complaintseat
            WHERE complaint_id = NEW.id AND person_id = NEW.responsible_id AND barred_at IS NOT NULL FOR UPDATE;
        IF FOUND THEN
            RAISE EXCEPTION 'refused: this seat has no voice'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_answered_with_voice';
        END IF;
    END IF;
    IF OLD.grade = 'major' AND NEW.grade <> 'major' AND NOT EXISTS (
        SELECT 1 FROM staff_complaintevent e JOIN staff_complaintseat s USING (complaint_id, person_id)
        WHERE s.part = 'checker' AND s.barred_at IS NULL AND e.id = (
            SELECT max(id) FROM staff_complaintevent WHERE complaint_id = NEW.id AND kind = 'classed')) THEN
        RAISE EXCEPTION 'refused: a second person makes a major complaint a general one'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_lowered_by_second';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER complaint_two_people BEFORE UPDATE OF status, grade ON staff_complaint
    FOR EACH ROW EXECUTE FUNCTION complaint_two_people();
ALTER TABLE staff_complaint ENABLE ALWAYS TRIGGER complaint_two_people;
"""
DROP_TWO_PEOPLE = "DROP TRIGGER complaint_two_people ON staff_complaint; DROP FUNCTION complaint_two_people();"


class Migration(migrations.Migration):
    dependencies = [("staff", "0004_complaint_guards")]

    operations = [
        migrations.RunSQL(
            SEAT_STAYS.format(answering=" AND status NOT IN ('replied', 'closed')"), SEAT_STAYS.format(answering="")
        ),
        migrations.RunSQL(TWO_PEOPLE, DROP_TWO_PEOPLE),
    ]
