"""A try to sign in knows from what kind of place it comes; places that an account has signed in from are kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import crm.kernel.workdays.clock


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0060_refusal_counts_kept_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="loginattempt",
            name="place",
            field=models.CharField(
                blank=True,
                choices=[("", "unknown"), ("network", "known network"), ("device", "known device")],
                default="",
                max_length=7,
            ),
        ),
        migrations.CreateModel(
            name="KnownPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("", "unknown"), ("network", "known network"), ("device", "known device")],
                        max_length=7,
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(default=crm.kernel.workdays.clock.now)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="known_places",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "digest"), name="kernel_knownplace_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["network", "device"])), name="kernel_knownplace_kind_known"
                    ),
                ],
            },
        ),
    ]
