import django.db.models.deletion
from django.db import migrations, models

import crm.kernel.workdays.clock


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0003_parameter_and_file_guards"),
        ("staff", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="KpiPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("code", models.CharField(max_length=6, unique=True, verbose_name="quarter")),
                ("starts_on", models.DateField(unique=True, verbose_name="starts on")),
                ("ends_on", models.DateField(verbose_name="ends on")),
                ("computed_at", models.DateTimeField(blank=True, null=True, verbose_name="computed at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                ("people", models.PositiveIntegerField(blank=True, null=True, verbose_name="people")),
                (
                    "inputs_sha256",
                    models.CharField(blank=True, default="", max_length=64, verbose_name="SHA-256 of the inputs"),
                ),
                (
                    "results_sha256",
                    models.CharField(blank=True, default="", max_length=64, verbose_name="SHA-256 of the results"),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="closed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "KPI quarter",
                "verbose_name_plural": "KPI quarters",
                "ordering": ["-starts_on"],
            },
        ),
        migrations.CreateModel(
            name="KpiCorrection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.CharField(max_length=40, verbose_name="measure")),
                ("points", models.DecimalField(decimal_places=2, max_digits=7, verbose_name="points")),
                ("before", models.TextField(blank=True, verbose_name="before")),
                ("after", models.TextField(blank=True, verbose_name="after")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("entered_at", models.DateTimeField(verbose_name="entered at")),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="entered by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kpi_corrections",
                        to="kernel.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "appears_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections_shown",
                        to="staff.kpiperiod",
                        verbose_name="appears in",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="staff.kpiperiod",
                        verbose_name="closed quarter",
                    ),
                ),
            ],
            options={
                "verbose_name": "KPI correction",
                "verbose_name_plural": "KPI corrections",
                "ordering": ["-entered_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="KpiScheme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("number", models.PositiveIntegerField(verbose_name="scheme version")),
                ("effective_from", models.DateField(verbose_name="effective from")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "In force"), ("withdrawn", "Withdrawn")],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "proposed_at",
                    models.DateTimeField(default=crm.kernel.workdays.clock.now, verbose_name="proposed at"),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved at")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="approved by",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kpi_schemes",
                        to="kernel.post",
                        verbose_name="post",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="proposed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "KPI scheme",
                "verbose_name_plural": "KPI schemes",
                "ordering": ["post_id", "-number"],
            },
        ),
        migrations.CreateModel(
            name="KpiResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("points", models.DecimalField(decimal_places=2, max_digits=7, verbose_name="points")),
                ("measured", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="weight measured")),
                ("document", models.TextField(verbose_name="sheet")),
                ("document_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the sheet")),
                ("computed_at", models.DateTimeField(verbose_name="computed at")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="staff.kpiperiod",
                        verbose_name="quarter",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kpi_results",
                        to="kernel.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.post",
                        verbose_name="post",
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="staff.kpischeme",
                        verbose_name="scheme",
                    ),
                ),
            ],
            options={
                "verbose_name": "KPI result",
                "verbose_name_plural": "KPI results",
                "ordering": ["-period__starts_on", "-points", "-id"],
            },
        ),
        migrations.CreateModel(
            name="KpiSchemeRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.CharField(max_length=40, verbose_name="measure")),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("volume", "Volume of business"),
                            ("satisfaction", "Client satisfaction"),
                            ("risk", "Risk control"),
                            ("ability", "Compliance and ability"),
                        ],
                        max_length=12,
                        verbose_name="dimension",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="order")),
                ("weight", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="weight")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("target", "Against a target"),
                            ("linear", "On a line between two points"),
                            ("deduct", "So much off for each"),
                        ],
                        max_length=6,
                        verbose_name="scoring",
                    ),
                ),
                (
                    "target",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="target"),
                ),
                (
                    "cap",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="counts up to"
                    ),
                ),
                (
                    "full_at",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="whole weight at"
                    ),
                ),
                (
                    "zero_at",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=20, null=True, verbose_name="nothing at"
                    ),
                ),
                (
                    "step",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="off for each"
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="staff.kpischeme",
                        verbose_name="scheme",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a KPI scheme",
                "verbose_name_plural": "rows of a KPI scheme",
                "ordering": ["scheme_id", "order"],
            },
        ),
        migrations.AddConstraint(
            model_name="kpiperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="staff_kpiperiod_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="kpiperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", True),
                        ("closed_by__isnull", True),
                        ("inputs_sha256", ""),
                        ("people__isnull", True),
                        ("results_sha256", ""),
                    ),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        ("inputs_sha256__regex", "^[0-9a-f]{64}$"),
                        ("people__isnull", False),
                        ("results_sha256__regex", "^[0-9a-f]{64}$"),
                    ),
                    _connector="OR",
                ),
                name="staff_kpiperiod_closed_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="kpicorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("entered_by__isnull", True),
                    models.Q(("entered_by", models.F("person")), _negated=True),
                    _connector="OR",
                ),
                name="staff_kpicorrection_not_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="kpicorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="staff_kpicorrection_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="kpicorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(("period", models.F("appears_in")), _negated=True),
                name="staff_kpicorrection_in_another_quarter",
            ),
        ),
        migrations.AddConstraint(
            model_name="kpischeme",
            constraint=models.UniqueConstraint(fields=("post", "number"), name="staff_kpischeme_number"),
        ),
        migrations.AddConstraint(
            model_name="kpischeme",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "draft")), fields=("post",), name="staff_kpischeme_one_draft"
            ),
        ),
        migrations.AddConstraint(
            model_name="kpischeme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="staff_kpischeme_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="kpischeme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at__isnull", False), ("approved_by__isnull", False), ("status", "published")),
                    models.Q(
                        models.Q(("status", "published"), _negated=True),
                        ("approved_at__isnull", True),
                        ("approved_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="staff_kpischeme_published_by_a_second",
            ),
        ),
        migrations.AddConstraint(
            model_name="kpischeme",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "published", "withdrawn"])),
                name="staff_kpischeme_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="kpischeme",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective_from__day", 1), ("effective_from__month__in", [1, 4, 7, 10])),
                name="staff_kpischeme_from_a_quarter",
            ),
        ),
        migrations.AddIndex(
            model_name="kpiresult",
            index=models.Index(fields=["period", "-points", "-id"], name="staff_kpiresult_by_points"),
        ),
        migrations.AddConstraint(
            model_name="kpiresult",
            constraint=models.UniqueConstraint(fields=("period", "person"), name="staff_kpiresult_once"),
        ),
        migrations.AddConstraint(
            model_name="kpiresult",
            constraint=models.CheckConstraint(
                condition=models.Q(("document_sha256__regex", "^[0-9a-f]{64}$")), name="staff_kpiresult_hash_shape"
            ),
        ),
        migrations.AddConstraint(
            model_name="kpiresult",
            constraint=models.CheckConstraint(
                condition=models.Q(("measured__gte", 0), ("measured__lte", 100)), name="staff_kpiresult_measured"
            ),
        ),
        migrations.AddConstraint(
            model_name="kpischemerow",
            constraint=models.UniqueConstraint(fields=("scheme", "measure"), name="staff_kpischemerow_once"),
        ),
        migrations.AddConstraint(
            model_name="kpischemerow",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__gt", 0), ("weight__lte", 100)), name="staff_kpischemerow_weight"
            ),
        ),
        migrations.AddConstraint(
            model_name="kpischemerow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("cap__gt", 0),
                        ("full_at__isnull", True),
                        ("method", "target"),
                        ("step__isnull", True),
                        ("target__gt", 0),
                        ("zero_at__isnull", True),
                    ),
                    models.Q(
                        ("cap__isnull", True),
                        ("full_at__isnull", False),
                        ("method", "linear"),
                        ("step__isnull", True),
                        ("target__isnull", True),
                        ("zero_at__isnull", False),
                        models.Q(("full_at", models.F("zero_at")), _negated=True),
                    ),
                    models.Q(
                        ("cap__isnull", True),
                        ("full_at__isnull", True),
                        ("method", "deduct"),
                        ("step__gt", 0),
                        ("target__isnull", True),
                        ("zero_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="staff_kpischemerow_figures_of_its_method",
            ),
        ),
        migrations.AddConstraint(
            model_name="kpischemerow",
            constraint=models.CheckConstraint(
                condition=models.Q(("dimension__in", ["volume", "satisfaction", "risk", "ability"])),
                name="staff_kpischemerow_dimension",
            ),
        ),
    ]
