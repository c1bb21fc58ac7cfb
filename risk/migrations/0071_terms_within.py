"""The database's half of a reduction (核减): no approval carries more than was asked or carried before."""

from django.db import migrations

# What is not said is filled in, so that every approval says what it carries, whoever writes it. The trigger's name
# places it after `decision_in_turn`, which holds the case while this one looks.
GUARD = """
CREATE FUNCTION review_decision_within() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    asked jsonb;
    standing jsonb;
    most_amount numeric;
    most_term integer;
    most_draw integer;
BEGIN
    IF NEW.verb NOT IN ('approve', 'approve_with_conditions') THEN
        RETURN NEW;
    END IF;
    SELECT dossier::jsonb -> 'project', carried INTO asked, standing
        FROM risk_reviewround WHERE case_id = NEW.case_id AND number = NEW.round;
    SELECT min(amount), min(term_months), min(draw_months) INTO most_amount, most_term, most_draw
        FROM risk_decision
        WHERE case_id = NEW.case_id AND stage <> NEW.stage AND verb IN ('approve', 'approve_with_conditions')
          AND (round = NEW.round OR id IN (SELECT value::bigint FROM jsonb_each_text(standing)));
    -- LEAST passes over what is not known.
    most_amount := LEAST((asked ->> 'amount')::numeric, most_amount);
    most_term := LEAST((asked ->> 'term_months')::integer, most_term);
    most_draw := LEAST((asked ->> 'draw_months')::integer, most_draw);
    NEW.amount := coalesce(NEW.amount, most_amount);
    NEW.term_months := coalesce(NEW.term_months, most_term);
    NEW.draw_months := coalesce(NEW.draw_months, LEAST(most_draw, NEW.term_months));
    IF NEW.amount > most_amount OR NEW.term_months > most_term OR NEW.draw_months > most_draw THEN
        RAISE EXCEPTION 'decision refused: it carries more than was asked or carried before'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'risk_decision_within_terms';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_within BEFORE INSERT ON risk_decision
    FOR EACH ROW EXECUTE FUNCTION review_decision_within();
ALTER TABLE risk_decision ENABLE ALWAYS TRIGGER decision_within;
"""
UNGUARD = "DROP TRIGGER decision_within ON risk_decision; DROP FUNCTION review_decision_within();"


class Migration(migrations.Migration):
    dependencies = [("risk", "0070_terms_carried")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
