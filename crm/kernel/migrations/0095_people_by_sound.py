"""People are sorted and found by the sound of their names."""

from django.db import migrations

import crm.kernel.text.pinyin
from crm.kernel.text.pinyin import create_sounds, fill_keys


class Migration(migrations.Migration):
    dependencies = [("kernel", "0071_words_kept")]

    operations = [
        create_sounds(),
        migrations.AlterModelOptions("person", options={"ordering": ["name_pinyin", "id"]}),
        migrations.AddField("person", "name_pinyin", crm.kernel.text.pinyin.PinyinField(max_length=420, of="name")),
        migrations.RunPython(
            lambda apps, _editor: fill_keys(apps.get_model("kernel", "Person")), migrations.RunPython.noop
        ),
    ]
