"""Documents keep the names of who added and removed them."""

from django.db import migrations

from crm.kernel.access.kept_words import keep_words


class Migration(migrations.Migration):
    dependencies = [("projects", "0040_kept_words"), ("kernel", "0071_words_kept")]

    operations = keep_words("projects_projectdocument", people={"added_by": "added_at", "removed_by": "removed_at"})
