"""Standing and its history as a night writes them: no index that another one serves, and room to change in place."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0004_list_speed")]

    operations = [
        migrations.AlterField(
            "standingfact",
            "client",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="standing_facts",
                to="clients.client",
                verbose_name="client",
            ),
        ),
        # The open warnings stand in no index: with room on the page a change of them touches none.
        migrations.RunSQL(
            "ALTER TABLE clients_standing SET (fillfactor = 80);", "ALTER TABLE clients_standing RESET (fillfactor);"
        ),
    ]
