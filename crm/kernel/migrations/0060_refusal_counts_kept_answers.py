"""Counts of strangers' refusals and the kept answers of repeated requests; each is new and empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0025_identifying_form"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField(verbose_name="account id")),
                ("key", models.CharField(max_length=100, verbose_name="key")),
                ("digest", models.CharField(max_length=64, verbose_name="digest of the request")),
                ("status", models.PositiveSmallIntegerField(verbose_name="status")),
                ("etag", models.CharField(blank=True, max_length=40, verbose_name="version")),
                ("body", models.TextField(verbose_name="answer")),
                ("subject_id", models.BigIntegerField(null=True, verbose_name="subject id")),
                ("is_visible", models.BooleanField(default=False, verbose_name="visible")),
                ("at", models.DateTimeField(db_index=True, verbose_name="time")),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("account_id", "key"), name="kernel_keptanswer_once")],
            },
        ),
        migrations.CreateModel(
            name="RefusalCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hour", models.DateTimeField(verbose_name="hour")),
                ("action", models.CharField(max_length=100, verbose_name="action")),
                ("reason", models.CharField(max_length=100, verbose_name="reason")),
                ("door", models.CharField(max_length=10, verbose_name="entry point")),
                ("refused", models.PositiveBigIntegerField(verbose_name="refusals")),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hour", "action", "reason", "door"), name="kernel_refusalcount_once"
                    )
                ],
            },
        ),
    ]
