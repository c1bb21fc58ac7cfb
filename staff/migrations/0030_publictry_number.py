from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0008_complaint_named")]

    operations = [
        migrations.AddField(
            model_name="publictry",
            name="number",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
    ]
