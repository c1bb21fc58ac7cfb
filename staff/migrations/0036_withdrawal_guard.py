"""A complaint is also closed by a recorded withdrawal, on the day that its event names."""

from importlib import import_module

from django.db import migrations

WHOLE = import_module("staff.migrations.0004_complaint_guards").COMPLAINT_STAYS
STAYS = WHOLE[: WHOLE.index("END $$;")] + "END $$;"
BEFORE = STAYS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
ENDS = "IF NEW.status IN ('replied', 'closed') AND ("
WITHDRAWN = """IF NEW.withdrawn_on IS NOT NULL AND NEW.status = 'closed' THEN
            IF NOT EXISTS (SELECT 1 FROM staff_complaintevent WHERE complaint_id = NEW.id AND kind = 'withdrawn'
                    AND id > since AND data ->> 'on' = NEW.withdrawn_on::text) THEN
                RAISE EXCEPTION 'refused: a complaint is withdrawn by what was recorded'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_complaint_withdrawn_by_record';
            END IF;
        ELSIF NEW.status IN ('replied', 'closed') AND ("""
DAY_STAYS = """IF OLD.withdrawn_on IS NOT NULL AND NEW.withdrawn_on IS DISTINCT FROM OLD.withdrawn_on
       AND NEW.reopened = OLD.reopened THEN
        RAISE EXCEPTION 'refused: the day of a withdrawal stays'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.status <> OLD.status THEN"""
AFTER = BEFORE.replace(ENDS, WITHDRAWN, 1).replace("IF NEW.status <> OLD.status THEN", DAY_STAYS, 1)


class Migration(migrations.Migration):
    dependencies = [("staff", "0035_complaint_withdrawal")]

    operations = [migrations.RunSQL(AFTER, BEFORE)]
