"""The database's half of a decision for another: both people sit at the stage, both have a voice, the letter holds."""

from django.db import migrations

from crm.kernel.access.kept_words import keep_words

KEYS = """
ALTER TABLE risk_decision
    ADD CONSTRAINT risk_decision_principal_has_seat FOREIGN KEY (case_id, principal_id, stage)
        REFERENCES risk_reviewseat (case_id, person_id, stage),
    ADD CONSTRAINT risk_decision_under_its_letter FOREIGN KEY (cover_id, person_id, principal_id)
        REFERENCES kernel_cover (id, deputy_id, person_id);
"""
DROP_KEYS = """
ALTER TABLE risk_decision
    DROP CONSTRAINT risk_decision_principal_has_seat, DROP CONSTRAINT risk_decision_under_its_letter;
"""

# The letter and the principal's seat are held before they are judged: a recall at the same moment comes before the
# decision or after it, never between.
FOR_ANOTHER = """
CREATE FUNCTION review_decision_for_another() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.principal_id IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM kernel_cover
        WHERE id = NEW.cover_id AND state = 'confirmed'
            AND (NEW.decided_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN starts_on AND ends_on
        FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'decision refused: the letter of cover does not hold'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_decision_letter_holds';
    END IF;
    PERFORM 1 FROM risk_reviewseat
        WHERE case_id = NEW.case_id AND person_id = NEW.principal_id AND recused_at IS NOT NULL FOR UPDATE;
    IF FOUND THEN
        RAISE EXCEPTION 'decision refused: the person covered has no voice any more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_decision_has_voice';
    END IF;
    PERFORM 1 FROM risk_decision
        WHERE case_id = NEW.case_id AND round = NEW.round AND stage = NEW.stage
            AND (person_id = NEW.principal_id OR principal_id = NEW.principal_id);
    IF FOUND THEN
        RAISE EXCEPTION 'decision refused: the person covered has decided this stage'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_decision_one_per_person';
    END IF;
    RETURN NEW;
END $$;
-- Named to come after decision_in_turn, which holds the case.
CREATE TRIGGER decision_later_for_another BEFORE INSERT ON risk_decision
    FOR EACH ROW EXECUTE FUNCTION review_decision_for_another();
ALTER TABLE risk_decision ENABLE ALWAYS TRIGGER decision_later_for_another;
"""
DROP_FOR_ANOTHER = """
DROP TRIGGER decision_later_for_another ON risk_decision;
DROP FUNCTION review_decision_for_another();
"""
OLD_WORDS = "DROP TRIGGER keep_words ON risk_decision; DROP FUNCTION risk_decision_keep_words();"
# The rows that exist keep what they have: no decision was made for another before.
_fill, WORDS = keep_words("risk_decision", people={"person": "decided_at", "principal": "decided_at"})
_old_fill, FORMER_WORDS = keep_words("risk_decision", people={"person": "decided_at"})


class Migration(migrations.Migration):
    dependencies = [("risk", "0067_decided_for"), ("kernel", "0085_cover_guards")]

    operations = [
        migrations.RunSQL(KEYS, DROP_KEYS),
        migrations.RunSQL(FOR_ANOTHER, DROP_FOR_ANOTHER),
        migrations.RunSQL(OLD_WORDS, FORMER_WORDS.sql),
        WORDS,
    ]
