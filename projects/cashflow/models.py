"""The cash-flow model of a project: one row is one version, typed as people enter it, judged, confirmed (rules-2 4)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock
from projects.cashflow.rules.inputs import MOST_PERIODS
from projects.cashflow.rules.typed import Timeline, Typed
from projects.deals.models import Project


class CashflowModel(KeptWords, VersionedModel):
    """A version: a draft of who works on the project, confirmed by another person, and from then on as it is.

    `inputs` are the texts as typed, so that a draft with a wrong cell loses nothing; amounts in 10 thousand yuan, rates
    in percent. `result` and `problems` follow from them at every save; a confirmed version keeps the result of its day.
    """

    KEEPS = ("made_by", "checked_by", "confirmed_by")

    class RevenueType(models.TextChoices):
        """Which row of acceptance levels holds (rules 2.2)."""

        AVAILABILITY = "availability", _("Availability payment or paid by government")
        CONTRACTED_RE = "contracted_re", _("Renewable power under contract")
        HYDRO = "hydro", _("Hydropower")
        THERMAL_PPA = "thermal_ppa", _("Thermal power under contract")
        MERCHANT = "merchant", _("Power sold on the market")
        TOLL_ROAD = "toll_road", _("Toll road")
        TRANSPORT = "transport", _("Rail, airport or port")
        UTILITY = "utility", _("Water, waste or heating")
        EXTRACTIVE = "extractive", _("Oil, gas or mining")
        PROPERTY = "property", _("Real estate or industrial park")
        MANUFACTURING = "manufacturing", _("Manufacturing plant")
        FALLBACK = "fallback", pgettext_lazy("revenue type", "Other")

    class Rhythm(models.IntegerChoices):
        YEARS = 1, _("Years")
        HALVES = 2, _("Half-years")
        QUARTERS = 4, _("Quarters")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("cash-flow model", "Draft")
        CHECKED = "checked", _("Waiting for confirmation")
        CONFIRMED = "confirmed", pgettext_lazy("cash-flow model", "Confirmed")
        SUPERSEDED = "superseded", pgettext_lazy("cash-flow model", "Superseded")
        VOID = "void", pgettext_lazy("cash-flow model", "Void")

    class Verdict(models.TextChoices):
        """The worst of all tests (rules-2 4.6)."""

        GREEN = "green", _("Meets the requirements")
        AMBER = "amber", _("Below a level")
        RED = "red", _("Below the lock-up level")
        DEFAULT = "default", _("At default level")
        NONE = "none", _("Nothing to repay")

    OPEN = (State.DRAFT, State.CHECKED)
    # What is said about a version besides its inputs, in the order of form and page.
    FACTS = ("revenue_type", "contracted_share", "starts_on", "ppy", "construction", "operation", "note")

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="cashflow_models", db_index=False, verbose_name=_("project")
    )
    number = models.PositiveSmallIntegerField(pgettext_lazy("cash-flow model", "version"))
    revenue_type = models.CharField(_("revenue type"), max_length=16, choices=RevenueType.choices)
    contracted_share = models.DecimalField(
        _("share of power sold under contract"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    starts_on = models.DateField(_("first day of construction"))
    ppy = models.PositiveSmallIntegerField(_("periods"), choices=Rhythm.choices, default=Rhythm.YEARS)
    construction = models.PositiveSmallIntegerField(_("periods of construction"))
    operation = models.PositiveSmallIntegerField(_("periods of operation"))
    note = models.CharField(_("what this version is about"), max_length=200, blank=True)
    inputs = models.JSONField(_("inputs"), default=dict)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)
    # Of the result, for lists.
    min_dscr = models.DecimalField(_("lowest DSCR"), max_digits=14, decimal_places=6, null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered at"), default=clock.now)
    # Keys of all people who saved figures: none of them is the second person.
    editors = ArrayField(
        models.BigIntegerField(), verbose_name=_("people who edited"), default=list, db_default=[], editable=False
    )
    checked_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("cash-flow model")
        verbose_name_plural = _("cash-flow models")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="projects_cashflowmodel_numbered"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="confirmed"), name="projects_cashflowmodel_confirmed_once"
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(state__in=["draft", "checked"]),
                name="projects_cashflowmodel_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ppy__in=[1, 2, 4], operation__gte=1, operation__lte=MOST_PERIODS)
                & Q(construction__lte=MOST_PERIODS),
                name="projects_cashflowmodel_periods",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=F("made_by")) & ~Q(confirmed_by=F("checked_by"))),
                name="projects_cashflowmodel_two_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(editors__contains=[F("confirmed_by")]),
                name="projects_cashflowmodel_not_by_an_editor",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", checked_by__isnull=True, confirmed_by__isnull=True)
                | Q(state="checked", checked_by__isnull=False, checked_at__isnull=False, confirmed_by__isnull=True)
                | Q(
                    state__in=["confirmed", "superseded"],
                    checked_by__isnull=False,
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                )
                | (Q(state="void", confirmed_by__isnull=True) & ~Q(reason="")),
                name="projects_cashflowmodel_state_has_its_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "void"]) | (Q(problems=[]) & ~Q(verdict="")),
                name="projects_cashflowmodel_checked_is_computed",
            ),
        ]
        indexes = [models.Index(fields=["project", "-number"], name="projects_cashflow_of_project")]

    def __str__(self) -> str:
        return f"{self.project} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("projects:cashflow_detail", args=[self.pk])

    @property
    def title(self) -> str:
        """What lists call it: the project's name."""
        return self.project.name

    @property
    def timeline(self) -> Timeline:
        """Its periods."""
        return Timeline(self.ppy, self.construction, self.operation)

    @property
    def typed(self) -> Typed:
        """Its inputs as the rules read them."""
        given = self.inputs
        return Typed(given.get("facts", {}), given.get("tranches", ()), given.get("lines", {}))

    def period_label(self, place: int) -> str:
        """What a period is called, counted from 0 at the beginning of construction: 2028, 2028H1, 2028Q3."""
        months = 12 // self.ppy
        last = self.starts_on.year * 12 + self.starts_on.month - 1 + months * (place + 1) - 1
        year, part = last // 12, last % 12 // months + 1
        return str(year) if self.ppy == 1 else f"{year}{'H' if self.ppy == 2 else 'Q'}{part}"

    def operation_label(self, place: int, delay: int = 0) -> str:
        """What a period of operation is called, counted from 0."""
        return self.period_label(self.construction + delay + place)

    def construction_label(self, place: int) -> str:
        """What a period of construction is called; without construction everything is paid at the start."""
        return self.period_label(place) if self.construction else date.isoformat(self.starts_on)

    @property
    def key_figures(self) -> dict[str, dict[str, Any]]:
        """Code → value (text) and reason, of the result."""
        return dict(self.result.get("figures", {}))

    def floor_of(self, name: str) -> Decimal:
        """An acceptance level it was judged by."""
        return Decimal(self.result["levels"][name])
