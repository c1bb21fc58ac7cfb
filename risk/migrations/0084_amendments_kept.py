"""An amendment belongs to its open round; decided terms move to the version that its approval wrote, nowhere else."""

from django.db import migrations

from crm.kernel.access.kept_words import keep_words
from crm.kernel.audit import guards

ASKED = """
CREATE FUNCTION risk_amendment_asked() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM risk_reviewcase AS reviewed
        WHERE reviewed.id = NEW.case_id AND reviewed.kind = 'amendment' AND reviewed.status = 'open'
          AND reviewed.round = NEW.round
    ) THEN
        RAISE EXCEPTION 'case % is no open amendment in round %', NEW.case_id, NEW.round
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_amendment_of_its_round';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER asked BEFORE INSERT ON risk_amendment FOR EACH ROW EXECUTE FUNCTION risk_amendment_asked();
ALTER TABLE risk_amendment ENABLE ALWAYS TRIGGER asked;
"""
NOT_ASKED = "DROP TRIGGER asked ON risk_amendment; DROP FUNCTION risk_amendment_asked();"
DECIDED = """
CREATE FUNCTION risk_termsversion_decided() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM risk_amendment AS asked
        JOIN risk_reviewcase AS reviewed ON reviewed.id = asked.case_id AND reviewed.round = asked.round
        JOIN projects_project AS deal ON deal.id = reviewed.project_id
        JOIN risk_decision AS final ON final.case_id = reviewed.id AND final.round = reviewed.round
        WHERE asked.id = NEW.amendment_id AND deal.id = NEW.project_id AND deal.status = 'approved'
          AND reviewed.kind = 'amendment' AND reviewed.status = 'approved'
          AND NEW.number = coalesce(deal.terms_version, 1) + 1
          AND final.stage = 'final' AND final.verb IN ('approve', 'approve_with_conditions')
          AND final.amount = (NEW.terms ->> 'approved_amount')::numeric
          AND final.term_months = (NEW.terms ->> 'approved_term_months')::int
    ) THEN
        RAISE EXCEPTION 'project %: terms follow the final approval of an amendment, one by one', NEW.project_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_termsversion_is_decided';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided BEFORE INSERT ON risk_termsversion FOR EACH ROW EXECUTE FUNCTION risk_termsversion_decided();
ALTER TABLE risk_termsversion ENABLE ALWAYS TRIGGER decided;
"""
NOT_DECIDED = "DROP TRIGGER decided ON risk_termsversion; DROP FUNCTION risk_termsversion_decided();"
FOLLOWS = """
CREATE FUNCTION risk_terms_follow_their_version() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM risk_termsversion AS decided
        WHERE decided.project_id = NEW.id AND decided.number = NEW.terms_version AND NOT EXISTS (
            SELECT 1 FROM jsonb_each_text(decided.terms) AS term
            WHERE term.value IS DISTINCT FROM to_jsonb(NEW) ->> term.key
        )
    ) THEN
        RAISE EXCEPTION 'project %: its terms are not those of version %', NEW.id, NEW.terms_version
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_project_terms_are_decided';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER terms_follow_their_version BEFORE UPDATE ON projects_project
    FOR EACH ROW WHEN (NEW.terms_version IS DISTINCT FROM OLD.terms_version)
    EXECUTE FUNCTION risk_terms_follow_their_version();
ALTER TABLE projects_project ENABLE ALWAYS TRIGGER terms_follow_their_version;
"""
FREE = "DROP TRIGGER terms_follow_their_version ON projects_project; DROP FUNCTION risk_terms_follow_their_version();"


class Migration(migrations.Migration):
    dependencies = [("risk", "0083_amendments"), ("projects", "0076_terms_guard"), ("kernel", "0071_words_kept")]

    operations = [
        migrations.RunSQL(ASKED, NOT_ASKED),
        migrations.RunSQL(DECIDED, NOT_DECIDED),
        migrations.RunSQL(FOLLOWS, FREE),
        *guards.append_only("risk_amendment"),
        *guards.append_only("risk_termsversion"),
        *keep_words("risk_amendment", people={"asked_by": "asked_at"}),
    ]
