"""A released or withdrawn holiday notice stays as it was: deadlines rest on it."""

from django.db import migrations

CREATE = """
CREATE FUNCTION holiday_notice_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'draft' OR NEW.year <> OLD.year OR NEW.version <> OLD.version
       OR NEW.number <> OLD.number OR NEW.days <> OLD.days OR NEW.entered_by_id <> OLD.entered_by_id
       OR NEW.entered_at <> OLD.entered_at THEN
        RAISE EXCEPTION '% on % refused: a draft is only ever released or withdrawn, all else is a new version',
            TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER holiday_notice_refuse_change BEFORE UPDATE OR DELETE ON kernel_holidaynotice
    FOR EACH ROW EXECUTE FUNCTION holiday_notice_refuse_change();
ALTER TABLE kernel_holidaynotice ENABLE ALWAYS TRIGGER holiday_notice_refuse_change;
"""
DROP = """
DROP TRIGGER holiday_notice_refuse_change ON kernel_holidaynotice;
DROP FUNCTION holiday_notice_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0075_holiday_notices")]

    operations = [migrations.RunSQL(CREATE, DROP)]
