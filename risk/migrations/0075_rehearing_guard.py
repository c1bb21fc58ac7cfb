"""A rejected case opens once more, for its re-hearing; a document of one came after the rejection.

The guard of 0073 with this move, else as it was.
"""

from django.db import migrations

from crm.kernel.access.kept_words import keep_words
from crm.kernel.audit import guards

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
    IF TG_OP = 'DELETE' OR OLD.status IN ('approved', 'rejected') AND NOT (
           OLD.status = 'approved' AND NEW.status = 'lapsed' AND to_jsonb(NEW) - moved = to_jsonb(OLD) - moved
           AND EXISTS (SELECT 1 FROM projects_project WHERE id = OLD.project_id AND status = 'lapsed')
       ) REHEARD OR NEW.round < OLD.round
       OR (NEW.id, NEW.number, NEW.project_id) <> (OLD.id, OLD.number, OLD.project_id) THEN
        RAISE EXCEPTION '% on % refused: a decided case is evidence', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;

    IF (NEW.status = 'lapsed') AND OLD.status NOT IN ('approved', 'lapsed')
       OR (OLD.status = 'lapsed' AND NOT (NEW.status = 'open' AND NEW.round = OLD.round + 1)) THEN
        RAISE EXCEPTION '% on % refused: only an approval lapses, then it needs a new round', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""
REHEARD = """AND NOT (
           OLD.status = 'rejected' AND NEW.status = 'open' AND NEW.round = OLD.round + 1
           AND EXISTS (SELECT 1 FROM risk_rehearing WHERE case_id = OLD.id AND round = NEW.round)
       )"""
NEW_FACTS = """
CREATE FUNCTION risk_rehearing_new_facts() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM risk_rehearing AS heard
        JOIN risk_reviewcase AS reviewed ON reviewed.id = heard.case_id
        JOIN projects_projectdocument AS paper ON paper.id = NEW.document_id
        WHERE heard.id = NEW.rehearing_id AND paper.project_id = reviewed.project_id AND paper.removed_at IS NULL
          AND paper.added_at > (
              SELECT max(decided_at) FROM risk_decision
              WHERE case_id = reviewed.id AND verb = 'reject' AND round < heard.round
          )
    ) THEN
        RAISE EXCEPTION 'document % is no new fact: it did not come after the rejection', NEW.document_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_rehearingdocument_is_new';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER new_facts BEFORE INSERT ON risk_rehearingdocument
    FOR EACH ROW EXECUTE FUNCTION risk_rehearing_new_facts();
ALTER TABLE risk_rehearingdocument ENABLE ALWAYS TRIGGER new_facts;
"""
NO_NEW_FACTS = "DROP TRIGGER new_facts ON risk_rehearingdocument; DROP FUNCTION risk_rehearing_new_facts();"


class Migration(migrations.Migration):
    dependencies = [("risk", "0074_rehearing"), ("projects", "0068_rehearing_guard"), ("kernel", "0071_words_kept")]

    operations = [
        migrations.RunSQL(GUARD.replace("REHEARD", REHEARD), GUARD.replace("REHEARD", "")),
        migrations.RunSQL(NEW_FACTS, NO_NEW_FACTS),
        *guards.append_only("risk_rehearing"),
        *guards.append_only("risk_rehearingdocument"),
        *keep_words("risk_rehearing", people={"asked_by": "asked_at"}),
    ]
