"""Approved money moves: the contract of an approved project, the capital paid in, draw-downs and their payees."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock
from projects.deals.models import Project


def person(label: Any, **kwargs: Any) -> Any:
    """A foreign key to who did something."""
    return models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=label, **kwargs)


def money(label: Any) -> Any:
    """An amount in yuan."""
    return models.DecimalField(label, max_digits=18, decimal_places=2)


class Contract(KeptWords):
    """The signed contract of an approved project: entered by one person, compared with the approval by another.

    Amounts in yuan, `rate` in percent a year. Once checked it is a facility in force, whose balances come from its
    draw-downs alone. Migration 0101 adds: never above the approval, and what was entered stays.
    """

    KEEPS = ("prepared_by", "checked_by")

    class State(models.TextChoices):
        PREPARED = "prepared", _("To be checked")
        IN_FORCE = "in_force", pgettext_lazy("contract", "In force")
        DECLINED = "declined", _("Declined")

    project = models.ForeignKey(Project, models.PROTECT, related_name="contracts", verbose_name=_("project"))
    number = models.CharField(_("contract number"), max_length=60)
    amount = money(_("contract amount"))
    signed_on = models.DateField(_("signed on"))
    available_until = models.DateField(_("available until"))
    matures_on = models.DateField(_("matures on"))
    rate = models.DecimalField(_("annual interest rate"), max_digits=6, decimal_places=4)
    repayment = models.CharField(_("repayment"), max_length=16, choices=Project.Repayment.choices)
    paper = models.ForeignKey("kernel.StoredFile", models.PROTECT, related_name="+", verbose_name=_("signed contract"))
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.PREPARED)
    prepared_by = person(_("entered by"))
    prepared_at = models.DateTimeField(_("entered at"), default=clock.now)
    checked_by = person(_("checked by"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    declined_reason = models.CharField(_("reason for declining"), max_length=500, blank=True, default="")
    facility = models.OneToOneField(
        "projects.Facility",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("facility in force"),
    )
    # The principal paid back: counted by the database from the parts of the repayments (migration 0111).
    repaid = models.DecimalField(_("repaid"), max_digits=18, decimal_places=2, default=Decimal(0), editable=False)

    objects = AccessManager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=~Q(state="declined"), name="projects_contract_one_per_project"
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(state="declined"), name="projects_contract_number_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="projects_contract_amount_above_zero"),
            models.CheckConstraint(condition=Q(rate__gt=0, rate__lte=24), name="projects_contract_rate_within"),
            models.CheckConstraint(
                condition=Q(available_until__gte=F("signed_on")) & Q(matures_on__gt=F("available_until")),
                name="projects_contract_days_ordered",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("prepared_by")),
                name="projects_contract_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="prepared", checked_by__isnull=True, checked_at__isnull=True, facility__isnull=True)
                | Q(state="in_force", checked_by__isnull=False, checked_at__isnull=False, facility__isnull=False)
                | Q(state="declined", checked_by__isnull=False, checked_at__isnull=False, facility__isnull=True)
                & ~Q(declined_reason=""),
                name="projects_contract_state_has_its_people",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("projects:contract_detail", args=[self.pk])


class CapitalPayment(KeptWords):
    """Project capital that was paid in, shown by a voucher: entered by one person, confirmed by another."""

    KEEPS = ("entered_by", "confirmed_by")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="capital", verbose_name=_("contract"))
    amount = money(_("amount"))
    paid_on = models.DateField(_("paid in on"))
    paper = models.ForeignKey("kernel.StoredFile", models.PROTECT, related_name="+", verbose_name=_("voucher"))
    entered_by = person(_("entered by"))
    entered_at = models.DateTimeField(_("entered at"), default=clock.now)
    confirmed_by = person(_("confirmed by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("capital paid in")
        verbose_name_plural = _("capital paid in")
        ordering = ["paid_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "paper"], name="projects_capital_voucher_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="projects_capital_above_zero"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("entered_by")),
                name="projects_capital_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paid_on} · {self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("projects:contract_detail", args=[self.contract_id])

    @property
    def state(self) -> str:
        """Whether a second person has confirmed it."""
        return "confirmed" if self.confirmed_by_id else "entered"


class Drawdown(KeptWords):
    """One request for money under a contract: requested, released by a second person, paid out by a third.

    `checks` keeps what was tested at the release, with its figures. Migration 0101 adds: released sums never exceed the
    contract, who prepared the contract releases nothing, and what was requested stays.
    """

    KEEPS = ("requested_by", "decided_by", "paid_by")

    class State(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("draw-down", "Waiting for release")
        RELEASED = "released", pgettext_lazy("draw-down", "Released")
        PAID = "paid", _("Paid out")
        DECLINED = "declined", _("Declined")

    COUNTING = (State.RELEASED, State.PAID)

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="drawdowns", verbose_name=_("contract"))
    number = models.PositiveSmallIntegerField(_("number"))
    amount = money(_("amount"))
    purpose = models.CharField(_("purpose"), max_length=500)
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.REQUESTED)
    requested_by = person(_("requested by"))
    requested_at = models.DateTimeField(_("requested at"), default=clock.now)
    decided_by = person(_("decided by"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_reason = models.CharField(_("reason for declining"), max_length=500, blank=True, default="")
    checks = models.JSONField(_("checks at the release"), default=list, blank=True)
    paid_on = models.DateField(_("paid out on"), null=True, blank=True)
    paid_by = person(_("paid out by"), null=True, blank=True)
    paid_at = models.DateTimeField(_("payment reported at"), null=True, blank=True)
    voucher = models.ForeignKey(
        "kernel.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("payment voucher"),
    )

    objects = AccessManager()

    class Meta:
        verbose_name = _("draw-down")
        verbose_name_plural = _("draw-downs")
        ordering = ["contract", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="projects_drawdown_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="projects_drawdown_above_zero"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="projects_drawdown_two_people",
            ),
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True) | ~Q(paid_by=F("requested_by")) & ~Q(paid_by=F("decided_by")),
                name="projects_drawdown_third_person_pays",
            ),
            models.CheckConstraint(
                condition=Q(state="requested", decided_by__isnull=True, paid_by__isnull=True)
                | Q(state="released", decided_by__isnull=False, decided_at__isnull=False, paid_by__isnull=True)
                | Q(
                    state="paid",
                    decided_by__isnull=False,
                    paid_by__isnull=False,
                    paid_at__isnull=False,
                    paid_on__isnull=False,
                    voucher__isnull=False,
                )
                | Q(state="declined", decided_by__isnull=False, decided_at__isnull=False, paid_by__isnull=True)
                & ~Q(decided_reason=""),
                name="projects_drawdown_state_has_its_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract.number} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("projects:drawdown_detail", args=[self.pk])


class Payee(models.Model):
    """Who receives a part of a draw-down. `is_entrusted`: the lender pays; else the borrower pays from its account."""

    drawdown = models.ForeignKey(Drawdown, models.PROTECT, related_name="payees", verbose_name=_("draw-down"))
    name = models.CharField(_("payee"), max_length=120)
    account_no = models.CharField(_("payee's account"), max_length=34)
    bank = models.CharField(_("payee's bank"), max_length=120)
    amount = money(_("amount"))
    is_entrusted = models.BooleanField(_("paid by the lender"), default=True)
    invoice_no = models.CharField(_("contract or invoice number"), max_length=60)

    objects = AccessManager()

    class Meta:
        verbose_name = _("payee")
        verbose_name_plural = _("payees")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="projects_payee_above_zero"),
        ]

    def __str__(self) -> str:
        return self.name
