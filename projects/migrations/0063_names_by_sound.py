"""Projects are found by the sound of their names; the guard of held deals lets the derived columns follow."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

import crm.kernel.text.pinyin
from crm.kernel.text.pinyin import fill_keys

# The key follows the name, which is held; the pieces follow the key, and a trigger before the row sees them empty.
DERIVED = """
DO $$ BEGIN
    EXECUTE replace(pg_get_functiondef('projects_guard_project()'::regprocedure), FROM_TO);
END $$
"""
SHORT, LONG = "'''grams'''", "'''grams'', ''sounds'', ''name_pinyin'''"


class Migration(migrations.Migration):
    dependencies = [("projects", "0041_words_kept"), ("kernel", "0095_people_by_sound")]

    operations = [
        migrations.RunSQL(
            DERIVED.replace("FROM_TO", f"{SHORT}, {LONG}"), DERIVED.replace("FROM_TO", f"{LONG}, {SHORT}")
        ),
        migrations.AddField("project", "name_pinyin", crm.kernel.text.pinyin.PinyinField(max_length=720, of="name")),
        migrations.RunPython(
            lambda apps, _editor: fill_keys(apps.get_model("projects", "Project")), migrations.RunPython.noop
        ),
        migrations.AddField(
            "project",
            "sounds",
            models.GeneratedField(
                db_persist=True,
                expression=crm.kernel.text.pinyin.SoundPieces("name_pinyin"),
                output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
            ),
        ),
        migrations.AddIndex(
            "project", django.contrib.postgres.indexes.GinIndex(fields=["sounds"], name="projects_project_sounds")
        ),
    ]
