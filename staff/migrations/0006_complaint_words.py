from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0005_complaint_ties")]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="client_code",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=60, verbose_name="client's code as given"
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="project_name",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=120, verbose_name="project as given"
            ),
        ),
    ]
