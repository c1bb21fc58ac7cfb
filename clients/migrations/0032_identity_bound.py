"""Whether a rating or a project rests on who a client is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clients", "0031_search_by_form")]

    operations = [
        migrations.AddField(
            "client",
            "is_identity_bound",
            models.BooleanField(db_default=False, default=False, editable=False, verbose_name="identity bound"),
        ),
    ]
