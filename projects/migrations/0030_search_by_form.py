"""Projects are compared and searched by the compared form of their name."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

import crm.kernel.text.search


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_deals_given_up"), ("kernel", "0025_identifying_form")]

    operations = [
        migrations.RemoveIndex("project", "projects_project_grams"),
        migrations.RemoveField("project", "grams"),
        migrations.AddField(
            "project",
            "grams",
            models.GeneratedField(
                expression=crm.kernel.text.search.Bigrams(crm.kernel.text.search.Identifying("name")),
                output_field=django.contrib.postgres.fields.ArrayField(models.TextField()),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            "project",
            django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="projects_project_grams"),
        ),
    ]
