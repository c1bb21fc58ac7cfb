"""Nothing is told to a complainant that lacks a part of the reply (rules-2 5.1)."""

from django.db import migrations

REPLY_IS_WHOLE = """
CREATE FUNCTION complaint_reply_is_whole() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.status = 'replied' AND OLD.status <> 'replied' AND (
        NEW.outcome NOT IN ('upheld', 'partly', 'not_upheld', 'unverified') OR NEW.draft = '' OR NEW.reasons = ''
        OR NEW.measures = '' OR NEW.measures_on IS NULL) THEN
        RAISE EXCEPTION 'refused: a reply has decision, facts, reasons, measures and their day'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_reply_is_whole';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reply_is_whole BEFORE UPDATE OF status ON staff_complaint
    FOR EACH ROW EXECUTE FUNCTION complaint_reply_is_whole();
ALTER TABLE staff_complaint ENABLE ALWAYS TRIGGER reply_is_whole;
"""
DROP = "DROP TRIGGER reply_is_whole ON staff_complaint; DROP FUNCTION complaint_reply_is_whole();"


class Migration(migrations.Migration):
    dependencies = [("staff", "0033_reply_parts")]

    operations = [migrations.RunSQL(REPLY_IS_WHOLE, DROP)]
