"""Nobody is a person complained of by one person's word, and a voice comes back only by a second person's word."""

from django.db import migrations

# A claim waits when it is made, is decided once, by somebody who has no tie and never answered for the complaint.
CLAIM_STAYS = """
CREATE FUNCTION complaint_claim_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.is_confirmed IS NOT NULL THEN
            RAISE EXCEPTION 'refused: a claim waits for a second person'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_claim_waits';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.decided_at IS NOT NULL
       OR (NEW.id, NEW.complaint_id, NEW.person_id, NEW.what, NEW.reason, NEW.claimed_by_id, NEW.claimed_at)
          <> (OLD.id, OLD.complaint_id, OLD.person_id, OLD.what, OLD.reason, OLD.claimed_by_id, OLD.claimed_at) THEN
        RAISE EXCEPTION '% on % refused: a claim is kept as it was made and decided', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM 1 FROM staff_complaintseat WHERE complaint_id = NEW.complaint_id AND person_id = NEW.decided_by_id
        AND (tie <> '' OR part = 'handler') FOR UPDATE;
    IF FOUND THEN
        RAISE EXCEPTION 'refused: an uninvolved person decides on a claim'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_claim_decided_by_uninvolved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_stays BEFORE INSERT OR UPDATE OR DELETE ON staff_complaintclaim
    FOR EACH ROW EXECUTE FUNCTION complaint_claim_stays();
ALTER TABLE staff_complaintclaim ENABLE ALWAYS TRIGGER claim_stays;

-- The tie of a person complained of comes by a confirmed claim.
CREATE FUNCTION complaint_seat_named() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.tie = 'subject' AND (TG_OP = 'INSERT' OR OLD.tie <> 'subject') AND NOT COALESCE((
        SELECT is_confirmed AND what = 'subject' FROM staff_complaintclaim
        WHERE complaint_id = NEW.complaint_id AND person_id = NEW.person_id AND what <> 'relative'
        ORDER BY id DESC LIMIT 1), false) THEN
        RAISE EXCEPTION 'refused: a second person confirms who is complained of'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaintseat_named_by_two';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seat_named BEFORE INSERT OR UPDATE OF tie ON staff_complaintseat
    FOR EACH ROW EXECUTE FUNCTION complaint_seat_named();
ALTER TABLE staff_complaintseat ENABLE ALWAYS TRIGGER seat_named;
"""
DROP_CLAIM_STAYS = """
DROP TRIGGER seat_named ON staff_complaintseat; DROP FUNCTION complaint_seat_named();
DROP TRIGGER claim_stays ON staff_complaintclaim; DROP FUNCTION complaint_claim_stays();
"""

SEAT_STAYS = """
CREATE OR REPLACE FUNCTION complaint_seat_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    lifted boolean;
BEGIN
    {lifted}
    IF (TG_OP = 'DELETE' AND NOT (lifted AND OLD.part = 'concerned'))
       OR (TG_OP = 'UPDATE' AND (
           (NEW.id, NEW.complaint_id, NEW.person_id, NEW.part) <> (OLD.id, OLD.complaint_id, OLD.person_id, OLD.part)
           OR (OLD.barred_at IS NOT NULL AND NEW.barred_at IS DISTINCT FROM OLD.barred_at AND NOT lifted)
           OR (OLD.tie <> '' AND NEW.tie = '' AND NOT lifted))) THEN
        RAISE EXCEPTION '% on % refused: a part is kept as it was given', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.barred_at IS NOT NULL AND OLD.barred_at IS NULL THEN
        PERFORM 1 FROM staff_complaint
            WHERE id = NEW.complaint_id AND responsible_id = NEW.person_id
                AND status NOT IN ('replied', 'closed') FOR UPDATE;
        IF FOUND THEN
            RAISE EXCEPTION 'refused: whoever answers keeps the voice until somebody else answers'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_answered_with_voice';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""
# The last claim about this person was not confirmed, or it was confirmed that they are not complained of. The ties of
# relatives go with a person who is not.
LIFTED = """
    SELECT COALESCE((SELECT (what <> 'undo' AND NOT is_confirmed AND OLD.tie = CASE what WHEN 'subject' THEN 'claimed'
                ELSE 'named' END) OR (what = 'undo' AND is_confirmed AND OLD.tie = 'subject')
            FROM staff_complaintclaim WHERE complaint_id = OLD.complaint_id AND person_id = OLD.person_id
            ORDER BY id DESC LIMIT 1), false)
        OR (OLD.tie IN ('relative', 'named') AND EXISTS (
            SELECT 1 FROM staff_complaintclaim
            WHERE complaint_id = OLD.complaint_id AND what = 'undo' AND is_confirmed))
        INTO lifted;
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0031_complaint_claims")]

    operations = [
        migrations.RunSQL(CLAIM_STAYS, DROP_CLAIM_STAYS),
        migrations.RunSQL(SEAT_STAYS.format(lifted=LIFTED), SEAT_STAYS.format(lifted="lifted := false;")),
    ]
