"""A review of handling is kept as it was asked and answered, by somebody who had no part in the complaint."""

from django.db import migrations

RECHECK_STAYS = """
CREATE FUNCTION complaint_recheck_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.verdict <> ''
       OR (NEW.id, NEW.complaint_id, NEW.told_on, NEW.requested_on, NEW.grounds, NEW.ask_none, NEW.ask_forward,
           NEW.due_none, NEW.due_forward, NEW.recorded_by_id, NEW.recorded_at)
          <> (OLD.id, OLD.complaint_id, OLD.told_on, OLD.requested_on, OLD.grounds, OLD.ask_none, OLD.ask_forward,
           OLD.due_none, OLD.due_forward, OLD.recorded_by_id, OLD.recorded_at))) THEN
        RAISE EXCEPTION '% on % refused: a review is kept as it was asked and answered', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.verdict NOT IN ('', 'late') THEN
        PERFORM 1 FROM staff_complaintseat
            WHERE complaint_id = NEW.complaint_id AND person_id = NEW.answered_by_id FOR UPDATE;
        IF FOUND OR TG_OP = 'INSERT' THEN
            RAISE EXCEPTION 'refused: somebody without a part in the complaint answers its review'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_recheck_by_another';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER recheck_stays BEFORE INSERT OR UPDATE OR DELETE ON staff_complaintrecheck
    FOR EACH ROW EXECUTE FUNCTION complaint_recheck_stays();
ALTER TABLE staff_complaintrecheck ENABLE ALWAYS TRIGGER recheck_stays;
"""
DROP = "DROP TRIGGER recheck_stays ON staff_complaintrecheck; DROP FUNCTION complaint_recheck_stays();"


class Migration(migrations.Migration):
    dependencies = [("staff", "0038_complaint_recheck")]

    operations = [migrations.RunSQL(RECHECK_STAYS, DROP)]
