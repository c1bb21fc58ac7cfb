"""Facilities in force: credit that another channel approved, or that was there before this system (rules-2 6.1)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock


class Facility(KeptWords):
    """One contract in force with its client: entered by one person, confirmed and later settled by another.

    Amounts in yuan. It counts towards the client's exposure from its confirmation until it is settled. Migration 0072
    adds: what was confirmed stays as it is.
    """

    KEEPS = ("entered_by", "decided_by", "settlement_by", "settled_by")

    class Kind(models.TextChoices):
        LOAN = "loan", _("Loan")
        REVOLVING = "revolving", _("Revolving limit")
        ACCEPTANCE = "acceptance", _("Bank acceptance")
        FINANCING_GUARANTEE = "guarantee_fin", _("Financing guarantee")
        PERFORMANCE_GUARANTEE = "guarantee_perf", _("Non-financing guarantee")
        LETTER_OF_CREDIT = "letter_of_credit", _("Documentary letter of credit")

    class State(models.TextChoices):
        ENTERED = "entered", _("Waiting for confirmation")
        CONFIRMED = "confirmed", pgettext_lazy("facility", "In force")
        SETTLING = "settling", _("Settlement to be confirmed")
        SETTLED = "settled", _("Settled")
        REFUSED = "refused", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    DRAWN = (Kind.LOAN, Kind.REVOLVING)  # the others stand off the balance sheet
    COUNTING = (State.CONFIRMED, State.SETTLING)

    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="facilities", verbose_name=_("client"))
    # The approved project whose contract it is; its balances come from draw-downs. Empty: another channel.
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="facilities", verbose_name=_("project")
    )
    contract_no = models.CharField(_("contract number"), max_length=60)
    name = models.CharField(_("what it finances"), max_length=120)
    kind = models.CharField(_("kind of facility"), max_length=20, choices=Kind.choices)
    amount = models.DecimalField(_("contract amount"), max_digits=18, decimal_places=2)
    margin = models.DecimalField(_("cash margin"), max_digits=18, decimal_places=2, default=Decimal(0))
    approved_on = models.DateField(_("approved on"))
    approved_by = models.CharField(_("who approved it"), max_length=120)
    available_until = models.DateField(_("available until"), null=True, blank=True)
    matures_on = models.DateField(_("matures on"))
    paper = models.ForeignKey(
        "kernel.StoredFile", models.PROTECT, related_name="+", verbose_name=_("contract or approval letter")
    )

    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.ENTERED)
    entered_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"), default=clock.now)
    decided_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_reason = models.CharField(_("reason for declining"), max_length=500, blank=True, default="")
    settled_on = models.DateField(_("paid back on"), null=True, blank=True)
    settlement_by = models.ForeignKey(
        "kernel.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settlement reported by"),
    )
    settlement_at = models.DateTimeField(_("settlement reported at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        "kernel.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settlement confirmed by"),
    )
    settled_at = models.DateTimeField(_("settlement confirmed at"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("facility in force")
        verbose_name_plural = _("facilities in force")
        ordering = ["-approved_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract_no"],
                condition=~Q(state__in=["refused", "withdrawn"]),
                name="projects_facility_contract_once",
            ),
            models.UniqueConstraint(fields=["project"], name="projects_facility_one_per_project"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="projects_facility_amount_above_zero"),
            models.CheckConstraint(
                condition=Q(margin__gte=0) & Q(margin__lte=F("amount")), name="projects_facility_margin_within"
            ),
            models.CheckConstraint(condition=Q(matures_on__gt=F("approved_on")), name="projects_facility_days_ordered"),
            models.CheckConstraint(
                condition=Q(available_until__isnull=True) | Q(available_until__lte=F("matures_on")),
                name="projects_facility_available_before_maturity",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("entered_by")),
                name="projects_facility_two_people",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("settlement_by")),
                name="projects_facility_settled_by_two",
            ),
            models.CheckConstraint(
                condition=Q(settlement_by__isnull=True, settlement_at__isnull=True)
                | Q(settlement_by__isnull=False, settlement_at__isnull=False),
                name="projects_facility_settlement_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True, settled_at__isnull=True)
                | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="projects_facility_settled_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["entered", "withdrawn"], decided_by__isnull=True)
                | (Q(state="refused", decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_reason=""))
                | Q(
                    state="confirmed",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    settled_on__isnull=True,
                    settled_by__isnull=True,
                )
                | Q(
                    state="settling",
                    decided_by__isnull=False,
                    settled_on__isnull=False,
                    settlement_by__isnull=False,
                    settled_by__isnull=True,
                )
                | Q(
                    state="settled",
                    decided_by__isnull=False,
                    settled_on__isnull=False,
                    settlement_by__isnull=False,
                    settled_by__isnull=False,
                ),
                name="projects_facility_state_has_its_people",
            ),
        ]
        indexes = [
            models.Index(fields=["available_until"], name="projects_facility_by_available"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_no} · {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("projects:facility_detail", args=[self.pk])

    @property
    def is_drawn(self) -> bool:
        """Whether money is paid out under it; the others are promises off the balance sheet."""
        return self.kind in self.DRAWN


class FacilityBalance(KeptWords):
    """What was outstanding on a day. Only ever added: of one day the last told counts, of all days the latest."""

    KEEPS = ("told_by",)

    facility = models.ForeignKey(
        Facility, models.PROTECT, related_name="balances", db_index=False, verbose_name=_("facility in force")
    )
    as_of = models.DateField(_("as of"))
    outstanding = models.DecimalField(_("outstanding"), max_digits=18, decimal_places=2)
    undrawn = models.DecimalField(_("undrawn commitment"), max_digits=18, decimal_places=2, default=Decimal(0))
    due_unpaid = models.DecimalField(_("interest due and unpaid"), max_digits=18, decimal_places=2, default=Decimal(0))
    told_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("told by"))
    told_at = models.DateTimeField(_("told at"), default=clock.now)

    objects = AccessManager()

    class Meta:
        verbose_name = _("balance of a facility")
        verbose_name_plural = _("balances of facilities")
        ordering = ["-as_of", "-id"]
        indexes = [models.Index(fields=["facility", "-as_of", "-id"], name="projects_balance_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outstanding__gte=0, undrawn__gte=0, due_unpaid__gte=0),
                name="projects_balance_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.as_of} · {self.outstanding}"
