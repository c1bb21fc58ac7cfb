from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0007_kpicorrection_token")]

    operations = [
        migrations.AlterField(
            model_name="complaintseat",
            name="tie",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "none"),
                    ("subject", "complained of"),
                    ("relative", "relative of a person complained of"),
                    ("named", "named as a relative by a person complained of"),
                    ("client", "relative of the complaining client"),
                    ("approver", "decided on the deal complained of"),
                ],
                default="",
                max_length=8,
                verbose_name="why concerned",
            ),
        ),
    ]
