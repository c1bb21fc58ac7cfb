from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0006_complaint_words")]

    operations = [
        migrations.AddField(
            model_name="kpicorrection",
            name="token",
            field=models.UUIDField(blank=True, editable=False, null=True, unique=True),
        ),
    ]
