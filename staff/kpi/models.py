"""KPI: what a post is measured by (scheme), the quarters, what each person came to, and what was corrected later.

A closed quarter is evidence. The triggers of migration 0002 keep it: its results, its hashes and the schemes it was
measured by never change, whoever asks; a correction is an entry of its own that appears in a later quarter.
"""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.audit.models import AppendOnly
from crm.kernel.workdays import clock
from staff.kpi.rules.periods import Quarter, quarter_named
from staff.kpi.rules.scoring import Scoring, score


class Dimension(models.TextChoices):
    """The four sides of the sheet (rules 6.1)."""

    VOLUME = "volume", _("Business volume")
    SATISFACTION = "satisfaction", _("Client satisfaction")
    RISK = "risk", _("Risk control")
    ABILITY = "ability", _("Compliance and capability")


class KpiScheme(KeptWords, VersionedModel):
    """What people of one post are measured by from a quarter on. Proposed by one, published by another.

    Only a draft and its rows may change; it is published with weights of 100, or not at all.
    """

    KEEPS = ("post", "proposed_by", "approved_by")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("In force")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    post = models.ForeignKey("kernel.Post", models.PROTECT, related_name="kpi_schemes", verbose_name=_("post"))
    number = models.PositiveIntegerField(_("scheme version"))
    effective_from = models.DateField(_("effective from"))
    source = models.CharField(_("source"), max_length=300)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    proposed_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"), default=clock.now)
    approved_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("KPI scheme")
        verbose_name_plural = _("KPI schemes")
        ordering = ["post_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="staff_kpischeme_number"),
            models.UniqueConstraint(fields=["post"], condition=Q(status="draft"), name="staff_kpischeme_one_draft"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="staff_kpischeme_two_people",
            ),
            models.CheckConstraint(
                condition=Q(status="published", approved_by__isnull=False, approved_at__isnull=False)
                | (~Q(status="published") & Q(approved_by__isnull=True, approved_at__isnull=True)),
                name="staff_kpischeme_published_by_a_second",
            ),
            models.CheckConstraint(condition=Q(status__in=["draft", "published", "withdrawn"]),
                                   name="staff_kpischeme_status_known"),
            models.CheckConstraint(
                condition=Q(effective_from__day=1, effective_from__month__in=[1, 4, 7, 10]),
                name="staff_kpischeme_from_a_quarter",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.post_id}/{self.number}"


class KpiSchemeRow(models.Model):
    """One measure of a scheme: its weight, and the figures of its method (see rules.scoring)."""

    class Method(models.TextChoices):
        TARGET = "target", _("Against a target")
        LINEAR = "linear", _("Linear between two points")
        DEDUCT = "deduct", _("Deduction per case")

    scheme = models.ForeignKey(KpiScheme, models.PROTECT, related_name="rows", verbose_name=_("scheme"))
    measure = models.CharField(_("measure"), max_length=40)
    dimension = models.CharField(_("dimension"), max_length=12, choices=Dimension.choices)
    order = models.PositiveSmallIntegerField(_("order"))
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2)
    method = models.CharField(_("scoring"), max_length=6, choices=Method.choices)
    target = models.DecimalField(_("target"), max_digits=20, decimal_places=4, null=True, blank=True)
    cap = models.DecimalField(_("upper bound"), max_digits=5, decimal_places=2, null=True, blank=True)
    full_at = models.DecimalField(_("full points at"), max_digits=20, decimal_places=4, null=True, blank=True)
    zero_at = models.DecimalField(_("zero points at"), max_digits=20, decimal_places=4, null=True, blank=True)
    step = models.DecimalField(_("deduction per case"), max_digits=5, decimal_places=2, null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("row of a KPI scheme")
        verbose_name_plural = _("rows of a KPI scheme")
        ordering = ["scheme_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "measure"], name="staff_kpischemerow_once"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="staff_kpischemerow_weight"),
            models.CheckConstraint(
                condition=Q(method="target", target__gt=0, cap__gt=0, full_at__isnull=True, zero_at__isnull=True,
                            step__isnull=True)
                | (Q(method="linear", target__isnull=True, cap__isnull=True, full_at__isnull=False,
                     zero_at__isnull=False, step__isnull=True) & ~Q(full_at=F("zero_at")))
                | Q(method="deduct", target__isnull=True, cap__isnull=True, full_at__isnull=True,
                    zero_at__isnull=True, step__gt=0),
                name="staff_kpischemerow_figures_of_its_method",
            ),
            models.CheckConstraint(condition=Q(dimension__in=Dimension.values), name="staff_kpischemerow_dimension"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.measure

    @property
    def scoring(self) -> Scoring:
        """The row as the pure rule takes it."""
        return Scoring(self.method, self.weight, self.target, self.cap, self.full_at, self.zero_at, self.step)


class KpiPeriod(KeptWords, VersionedModel):
    """One quarter. While it runs its results are a preview; closed, it carries the hashes of what went in and came out.

    `version` counts the times the preview changed.
    """

    KEEPS = ("closed_by",)

    code = models.CharField(_("quarter"), max_length=6, unique=True)
    starts_on = models.DateField(_("starts on"), unique=True)
    ends_on = models.DateField(_("ends on"))
    computed_at = models.DateTimeField(_("computed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    people = models.PositiveIntegerField(_("people"), null=True, blank=True)
    inputs_sha256 = models.CharField(_("SHA-256 of the inputs"), max_length=64, blank=True, default="")
    results_sha256 = models.CharField(_("SHA-256 of the results"), max_length=64, blank=True, default="")

    objects = AccessManager()

    class Meta:
        verbose_name = _("KPI quarter")
        verbose_name_plural = _("KPI quarters")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="staff_kpiperiod_days"),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True, closed_at__isnull=True, people__isnull=True, inputs_sha256="",
                            results_sha256="")
                | Q(closed_by__isnull=False, closed_at__isnull=False, people__isnull=False,
                    inputs_sha256__regex=r"^[0-9a-f]{64}$", results_sha256__regex=r"^[0-9a-f]{64}$"),
                name="staff_kpiperiod_closed_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return f"{reverse('staff:kpi_table')}?period={self.code}"

    @property
    def quarter(self) -> Quarter:
        return quarter_named(self.code)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class KpiResult(KeptWords):
    """What one person came to in one quarter. `document` is the whole sheet as canonical JSON, rows behind included.

    `measured` is the weight that could be measured: points are out of it, not out of 100, and what is unknown is named.
    Department and post are those of the last computing while the quarter ran.
    """

    KEEPS = ("person", "department", "post")

    period = models.ForeignKey(KpiPeriod, models.PROTECT, related_name="results", verbose_name=_("quarter"))
    person = models.ForeignKey("kernel.Person", models.PROTECT, related_name="kpi_results", verbose_name=_("person"))
    department = models.ForeignKey("kernel.Department", models.PROTECT, related_name="+", verbose_name=_("department"))
    post = models.ForeignKey("kernel.Post", models.PROTECT, null=True, related_name="+", verbose_name=_("post"))
    scheme = models.ForeignKey(KpiScheme, models.PROTECT, null=True, related_name="results", verbose_name=_("scheme"))
    points = models.DecimalField(_("points"), max_digits=7, decimal_places=2)
    measured = models.DecimalField(_("weight measured"), max_digits=5, decimal_places=2)
    document = models.TextField(_("sheet"))
    document_sha256 = models.CharField(_("SHA-256 of the sheet"), max_length=64)
    computed_at = models.DateTimeField(_("computed at"))

    objects = AccessManager()

    class Meta:
        verbose_name = _("KPI result")
        verbose_name_plural = _("KPI results")
        ordering = ["-period__starts_on", "-points", "-id"]
        indexes = [models.Index(fields=["period", "-points", "-id"], name="staff_kpiresult_by_points")]
        constraints = [
            models.UniqueConstraint(fields=["period", "person"], name="staff_kpiresult_once"),
            models.CheckConstraint(
                condition=Q(document_sha256__regex=r"^[0-9a-f]{64}$"), name="staff_kpiresult_hash_shape"
            ),
            models.CheckConstraint(condition=Q(measured__gte=0, measured__lte=100), name="staff_kpiresult_measured"),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} · {self.person_id}"

    def get_absolute_url(self) -> str:
        return reverse("staff:kpi_scorecard", args=[self.pk])

    @property
    def score(self) -> Decimal | None:
        """Points per hundred of the weight measured; None where nothing was measured."""
        return score(self.points, self.measured)


class KpiCorrection(KeptWords, AppendOnly):
    """Points that a closed quarter should have had and did not, with the day it was found. Appears in a later quarter.

    `before` and `after` are the line as it stood and as the facts say it now; empty where a person entered it.
    """

    KEEPS = ("person", "entered_by")

    period = models.ForeignKey(KpiPeriod, models.PROTECT, related_name="corrections", verbose_name=_("closed quarter"))
    appears_in = models.ForeignKey(
        KpiPeriod, models.PROTECT, related_name="corrections_shown", verbose_name=_("appears in")
    )
    person = models.ForeignKey(
        "kernel.Person", models.PROTECT, related_name="kpi_corrections", verbose_name=_("person")
    )
    measure = models.CharField(_("measure"), max_length=40)
    points = models.DecimalField(_("points"), max_digits=7, decimal_places=2)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    # Nobody: the nightly comparison found it.
    entered_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"))
    # Of the form it came by: the same form sent twice pays once.
    token = models.UUIDField(null=True, blank=True, editable=False, unique=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("KPI correction")
        verbose_name_plural = _("KPI corrections")
        ordering = ["-entered_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entered_by__isnull=True) | ~Q(entered_by=F("person")), name="staff_kpicorrection_not_own"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="staff_kpicorrection_has_reason"),
            models.CheckConstraint(condition=~Q(period=F("appears_in")), name="staff_kpicorrection_in_another_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.measure} {self.points}"
