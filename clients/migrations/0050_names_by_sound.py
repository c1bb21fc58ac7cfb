"""Clients, industries and regions are sorted and found by the sound of their names."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

import crm.kernel.text.pinyin
from crm.kernel.text.pinyin import fill_keys


def fill(apps, schema_editor):
    for name in ("Client", "Industry", "Region"):
        fill_keys(apps.get_model("clients", name))


class Migration(migrations.Migration):
    dependencies = [("clients", "0040_client_words"), ("kernel", "0095_people_by_sound")]

    operations = [
        migrations.AlterModelOptions("client", options={"ordering": ["name_pinyin", "-id"]}),
        migrations.RemoveIndex("client", "clients_client_by_name"),
        migrations.RemoveIndex("client", "clients_client_of_owner"),
        migrations.RemoveIndex("client", "clients_client_of_department"),
        migrations.AddField("client", "name_pinyin", crm.kernel.text.pinyin.PinyinField(max_length=720, of="name")),
        migrations.AddField("industry", "name_pinyin", crm.kernel.text.pinyin.PinyinField(max_length=480, of="name")),
        migrations.AddField("region", "name_pinyin", crm.kernel.text.pinyin.PinyinField(max_length=480, of="name")),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddField(
            "client",
            "sounds",
            models.GeneratedField(
                db_persist=True,
                expression=crm.kernel.text.pinyin.SoundPieces("name_pinyin"),
                output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
            ),
        ),
        migrations.AddIndex("client", models.Index(fields=["name_pinyin", "-id"], name="clients_client_by_pinyin")),
        migrations.AddIndex(
            "client", models.Index(fields=["owner", "name_pinyin", "-id"], name="clients_client_of_owner")
        ),
        migrations.AddIndex(
            "client", models.Index(fields=["department", "name_pinyin", "-id"], name="clients_client_of_dept")
        ),
        migrations.AddIndex(
            "client", django.contrib.postgres.indexes.GinIndex(fields=["sounds"], name="clients_client_sounds")
        ),
    ]
