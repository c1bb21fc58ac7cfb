"""An approved case may lapse with its project, and nothing else of it changes; a lapsed one comes back in a new round.

The guard of 0002 with these two moves, else as it was.
"""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION review_case_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    moved text[] := ARRAY['status', 'version'];
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.status IN ('approved', 'rejected') AND NOT EXISTS (
        SELECT 1 FROM risk_decision WHERE case_id = NEW.id AND round = NEW.round AND CASE NEW.status
            WHEN 'approved' THEN stage = 'final' AND verb IN ('approve', 'approve_with_conditions')
            ELSE verb = 'reject' END
    ) THEN
        RAISE EXCEPTION 'refused: a case ends by a decision of its round'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' OR OLD.status IN ('approved', 'rejected') EXCEPTED OR NEW.round < OLD.round
       OR (NEW.id, NEW.number, NEW.project_id) <> (OLD.id, OLD.number, OLD.project_id) THEN
        RAISE EXCEPTION '% on % refused: a decided case is evidence', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    LAPSES
    RETURN NEW;
END $$;
"""
EXCEPTED = """AND NOT (
           OLD.status = 'approved' AND NEW.status = 'lapsed' AND to_jsonb(NEW) - moved = to_jsonb(OLD) - moved
           AND EXISTS (SELECT 1 FROM projects_project WHERE id = OLD.project_id AND status = 'lapsed')
       )"""
LAPSES = """
    IF (NEW.status = 'lapsed') AND OLD.status NOT IN ('approved', 'lapsed')
       OR (OLD.status = 'lapsed' AND NOT (NEW.status = 'open' AND NEW.round = OLD.round + 1)) THEN
        RAISE EXCEPTION '% on % refused: only an approval lapses, then it needs a new round', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("risk", "0072_approvals_lapse"), ("projects", "0067_lapse_guard")]

    operations = [
        migrations.RunSQL(
            GUARD.replace(" EXCEPTED", f" {EXCEPTED}").replace("    LAPSES\n", LAPSES),
            GUARD.replace(" EXCEPTED", "").replace("    LAPSES\n", ""),
        )
    ]
