"""What the client list is found, counted and ordered by at any size; and a standing for every client."""

from django.db import migrations, models
from django.db.models import F

# Without it a list ordered by grade would have to look for clients that have no standing. For a statement, not for a
# row: a file of a hundred thousand clients is imported in one.
ADD_STANDING = """
CREATE FUNCTION clients_add_standing() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO %I.clients_standing (client_id, grade, grade_source, exposure_source, updated_at) '
        'SELECT id, '''', '''', '''', now() FROM filed', TG_TABLE_SCHEMA
    );
    RETURN NULL;
END $$;
CREATE TRIGGER add_standing AFTER INSERT ON clients_client REFERENCING NEW TABLE AS filed
    FOR EACH STATEMENT EXECUTE FUNCTION clients_add_standing();
ALTER TABLE clients_client ENABLE ALWAYS TRIGGER add_standing;
"""
DROP_ADD_STANDING = "DROP TRIGGER add_standing ON clients_client; DROP FUNCTION clients_add_standing();"

FILL = """
INSERT INTO clients_standing (client_id, grade, grade_source, exposure_source, updated_at)
SELECT id, '', '', '', now() FROM clients_client ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0003_open_warnings")]

    operations = [
        migrations.AddIndex("client", models.Index(fields=["size", "id"], name="clients_client_of_size")),
        migrations.AddIndex("client", models.Index(fields=["client_type", "id"], name="clients_client_of_type")),
        migrations.RemoveIndex("standing", "clients_standing_by_grade"),
        migrations.AddIndex(
            "standing",
            models.Index(F("grade_order").asc(nulls_last=True), F("client").desc(), name="clients_standing_grade_up"),
        ),
        migrations.AddIndex(
            "standing",
            models.Index(
                F("grade_order").desc(nulls_first=True), F("client").desc(), name="clients_standing_grade_down"
            ),
        ),
        migrations.AddIndex(
            "standing",
            models.Index(fields=["grade", "client"], include=["grade_until"], name="clients_standing_of_grade"),
        ),
        migrations.RunSQL(ADD_STANDING, DROP_ADD_STANDING),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
