"""The database's half of cash-flow models: inputs change in a draft only, states move one way, none under a review."""

from django.db import migrations

from crm.kernel.access.kept_words import keep_words

STAYS = """
CREATE FUNCTION projects_cashflow_stays() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    held text;
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.state <> 'draft') THEN
        RAISE EXCEPTION '% on % refused: a model is entered as a draft, then only moved', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (NEW.id, NEW.project_id, NEW.number, NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM (OLD.id, OLD.project_id, OLD.number, OLD.made_by_id, OLD.made_at)
        OR (OLD.state, NEW.state) NOT IN (
            ('draft', 'draft'), ('draft', 'checked'), ('draft', 'void'), ('checked', 'draft'), ('checked', 'confirmed'),
            ('checked', 'void'), ('confirmed', 'superseded'))
        OR (OLD.state NOT IN ('draft', 'checked') AND
            (NEW.result, NEW.problems, NEW.min_dscr, NEW.verdict, NEW.checked_by_id, NEW.checked_at,
             NEW.confirmed_by_id, NEW.confirmed_at)
            IS DISTINCT FROM
            (OLD.result, OLD.problems, OLD.min_dscr, OLD.verdict, OLD.checked_by_id, OLD.checked_at,
             OLD.confirmed_by_id, OLD.confirmed_at))
        OR (NEW.state <> 'draft' AND
            (NEW.revenue_type, NEW.contracted_share, NEW.starts_on, NEW.ppy, NEW.construction, NEW.operation, NEW.note,
             NEW.inputs, NEW.editors)
            IS DISTINCT FROM
            (OLD.revenue_type, OLD.contracted_share, OLD.starts_on, OLD.ppy, OLD.construction, OLD.operation, OLD.note,
             OLD.inputs, OLD.editors))) THEN
        RAISE EXCEPTION '% on % refused: what was checked stays, states move one way', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- The project's row is locked before it is looked at: a review that takes it at this moment is waited for.
    PERFORM 1 FROM projects_project WHERE id = NEW.project_id FOR SHARE;
    SELECT locked_by_review INTO held FROM projects_project WHERE id = NEW.project_id;
    IF held <> '' THEN
        RAISE EXCEPTION 'review % holds project %: its cash-flow model stays', held, NEW.project_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_cashflowmodel_not_under_review';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cashflow_stays BEFORE INSERT OR UPDATE OR DELETE ON projects_cashflowmodel
    FOR EACH ROW EXECUTE FUNCTION projects_cashflow_stays();
ALTER TABLE projects_cashflowmodel ENABLE ALWAYS TRIGGER cashflow_stays;
"""
CHANGES = "DROP TRIGGER cashflow_stays ON projects_cashflowmodel; DROP FUNCTION projects_cashflow_stays();"


class Migration(migrations.Migration):
    dependencies = [("projects", "0120_cashflow"), ("kernel", "0070_kept_words")]

    operations = [
        *keep_words(
            "projects_cashflowmodel",
            people={"made_by": "made_at", "checked_by": "checked_at", "confirmed_by": "confirmed_at"},
        ),
        migrations.RunSQL(STAYS, CHANGES),
    ]
