"""Keys, openings and moves take two people. A key of before stays as good as it was."""

import django.db.models.deletion
from django.db import migrations, models

import crm.kernel.workdays.clock


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0050_login_places"),
    ]

    operations = [
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for confirmation"),
                            ("confirmed", "Confirmed"),
                            ("refused", "Refused"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "proposed_at",
                    models.DateTimeField(default=crm.kernel.workdays.clock.now, verbose_name="proposed at"),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
            ],
            options={
                "ordering": ["-proposed_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="account",
            name="opened_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.person",
                verbose_name="opened by",
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="password_set_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.person",
                verbose_name="password set by",
            ),
        ),
        migrations.AddField(
            model_name="apikey",
            name="confirmed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="confirmed at"),
        ),
        migrations.AddField(
            model_name="apikey",
            name="confirmed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.person",
                verbose_name="confirmed by",
            ),
        ),
        migrations.AddField(
            model_name="apikey",
            name="made_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.person",
                verbose_name="created by",
            ),
        ),
        migrations.RunSQL(
            "UPDATE kernel_apikey SET confirmed_at = created_at WHERE confirmed_at IS NULL", migrations.RunSQL.noop
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("opened_by", models.F("password_set_by")), _negated=True),
                name="kernel_account_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed_by", models.F("made_by")), _negated=True),
                name="kernel_apikey_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_at__isnull", True),
                    ("made_by__isnull", True),
                    ("confirmed_by__isnull", False),
                    _connector="OR",
                ),
                name="kernel_apikey_confirmed_by_somebody",
            ),
        ),
        migrations.AddField(
            model_name="move",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.person",
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="move",
            name="department",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.department",
                verbose_name="department",
            ),
        ),
        migrations.AddField(
            model_name="move",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.person",
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="move",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.person",
                verbose_name="proposed by",
            ),
        ),
        migrations.AddField(
            model_name="move",
            name="target",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.department",
                verbose_name="new parent department",
            ),
        ),
        migrations.AddConstraint(
            model_name="move",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("department__isnull", True), ("person__isnull", False), ("target__isnull", False)),
                    models.Q(("department__isnull", False), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="kernel_move_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="move",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "waiting")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ["confirmed", "refused"]),
                    ),
                    _connector="OR",
                ),
                name="kernel_move_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="move",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                name="kernel_move_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="move",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proposed_by", models.F("person")), _negated=True),
                    models.Q(("decided_by", models.F("person")), _negated=True),
                ),
                name="kernel_move_not_of_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="move",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")), fields=("person",), name="kernel_move_person_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="move",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")), fields=("department",), name="kernel_move_department_once"
            ),
        ),
    ]
