"""The pieces by which clients are searched are those of the compared form of their name."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models

import crm.kernel.text.search


class Migration(migrations.Migration):
    dependencies = [("clients", "0030_names_compared_anew")]

    operations = [
        migrations.RemoveIndex("client", "clients_client_grams"),
        migrations.RemoveField("client", "grams"),
        migrations.AddField(
            "client",
            "grams",
            models.GeneratedField(
                expression=crm.kernel.text.search.Bigrams(
                    django.db.models.functions.text.Concat(
                        models.F("name_normalised"), models.Value(" "), models.F("credit_code")
                    )
                ),
                output_field=django.contrib.postgres.fields.ArrayField(models.TextField()),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            "client",
            django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="clients_client_grams"),
        ),
    ]
