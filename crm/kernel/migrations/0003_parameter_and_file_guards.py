"""Published parameters stay as they were, and stored files are only ever added."""

from django.db import migrations

from crm.kernel.audit import guards

CREATE = """
CREATE FUNCTION parameter_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Results store the version they used: what was in force, or was turned down, must read the same for ever.
    IF TG_OP = 'DELETE' OR OLD.status <> 'draft' OR NEW.parameter_id <> OLD.parameter_id OR NEW.version <> OLD.version
       OR NEW.value <> OLD.value OR NEW.effective_from <> OLD.effective_from
       OR NEW.effective_to IS DISTINCT FROM OLD.effective_to OR NEW.source <> OLD.source
       OR NEW.proposed_by_id IS DISTINCT FROM OLD.proposed_by_id OR NEW.proposed_at <> OLD.proposed_at THEN
        RAISE EXCEPTION '% on % refused: a draft is only ever approved or withdrawn, all else is a new version',
            TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER parameter_refuse_change BEFORE UPDATE OR DELETE ON kernel_parameterversion
    FOR EACH ROW EXECUTE FUNCTION parameter_refuse_change();
ALTER TABLE kernel_parameterversion ENABLE ALWAYS TRIGGER parameter_refuse_change;
"""
DROP = """
DROP TRIGGER parameter_refuse_change ON kernel_parameterversion;
DROP FUNCTION parameter_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_audit_guards")]

    operations = [migrations.RunSQL(CREATE, DROP), *guards.append_only("kernel_storedfile")]
