"""Who saved figures of a statement set is kept with it, and is not its second person."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0071_statement_guards"),
        ("kernel", "0113_api_key_scopes"),
    ]

    operations = [
        migrations.AddField(
            model_name="statement",
            name="editors",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                db_default=[],
                default=list,
                editable=False,
                size=None,
                verbose_name="people who edited",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(("editors__contains", [models.F("confirmed_by")]), _negated=True),
                    _connector="OR",
                ),
                name="clients_statement_not_by_an_editor",
            ),
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION clients_statement_editors_stay() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT NEW.editors @> OLD.editors THEN
        RAISE EXCEPTION '% on % refused: who edited stays named', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER editors_stay BEFORE UPDATE ON clients_statement
    FOR EACH ROW EXECUTE FUNCTION clients_statement_editors_stay();
ALTER TABLE clients_statement ENABLE ALWAYS TRIGGER editors_stay;
""",
            """
DROP TRIGGER editors_stay ON clients_statement;
DROP FUNCTION clients_statement_editors_stay();
""",
        ),
    ]
