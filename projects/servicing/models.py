"""Repayment of a contract: plans with their instalments, payments that came in, and what each of them covered."""

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
from projects.funding.models import Contract, money, person


def counted(label: Any) -> Any:
    """An amount in yuan that the service counts anew whenever something is booked."""
    return models.DecimalField(label, max_digits=18, decimal_places=2, default=Decimal(0), editable=False)


class RepaymentPlan(KeptWords):
    """What is to be paid back when: laid by one person, confirmed by another; each change is a new version.

    `amount` is the principal that was not yet due when it was laid. Instalments of earlier versions that were due by
    the day of the confirmation stay. Migration 0111 adds: what was laid stays, and its instalments sum to the amount.
    """

    KEEPS = ("prepared_by", "checked_by")

    class Kind(models.TextChoices):
        EQUAL_PRINCIPAL = "equal_principal", _("Equal principal")
        EQUAL_PAYMENT = "equal_payment", _("Equal payments of principal and interest")
        BULLET = "bullet", _("Interest by period, principal at maturity")
        CUSTOM = "custom", _("Instalments by schedule")

    class State(models.TextChoices):
        PREPARED = "prepared", _("To be checked")
        IN_FORCE = "in_force", pgettext_lazy("contract", "In force")
        REPLACED = "replaced", _("Replaced")
        DECLINED = "declined", _("Declined")

    class Months(models.IntegerChoices):
        MONTHLY = 1, _("Every month")
        QUARTERLY = 3, _("Every three months")
        HALF_YEARLY = 6, _("Every six months")
        YEARLY = 12, _("Every twelve months")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="plans", verbose_name=_("contract"))
    version = models.PositiveSmallIntegerField(_("version"))
    kind = models.CharField(_("kind of plan"), max_length=16, choices=Kind.choices)
    amount = money(_("principal planned"))
    starts_on = models.DateField(_("interest runs from"))
    months = models.PositiveSmallIntegerField(_("interval"), choices=Months.choices, default=Months.QUARTERLY)
    grace = models.PositiveSmallIntegerField(_("instalments of interest alone"), default=0)
    note = models.CharField(_("reason for the version"), max_length=500, blank=True, default="")
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.PREPARED)
    prepared_by = person(_("laid by"))
    prepared_at = models.DateTimeField(_("laid at"), default=clock.now)
    checked_by = person(_("checked by"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    declined_reason = models.CharField(_("reason for declining"), max_length=500, blank=True, default="")

    objects = AccessManager()

    class Meta:
        verbose_name = _("repayment plan")
        verbose_name_plural = _("repayment plans")
        ordering = ["contract", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "version"], name="projects_plan_version_once"),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state="prepared"), name="projects_plan_one_prepared"
            ),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state="in_force"), name="projects_plan_one_in_force"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="projects_plan_amount_above_zero"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("prepared_by")),
                name="projects_plan_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="prepared", checked_by__isnull=True, checked_at__isnull=True)
                | Q(state__in=["in_force", "replaced"], checked_by__isnull=False, checked_at__isnull=False)
                | Q(state="declined", checked_by__isnull=False, checked_at__isnull=False) & ~Q(declined_reason=""),
                name="projects_plan_state_has_its_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract.number} · {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("projects:plan_detail", args=[self.pk])


class Instalment(models.Model):
    """What falls due on a day by a plan; paid until `pay_by`, the next working day, it is in time.

    `owed_*` and `paid_*` are counted anew whenever something is booked, last at `counted_at`: interest as it really
    ran, less what was paid ahead. `is_current`: the version in force, or an earlier one whose day had come before.
    """

    plan = models.ForeignKey(RepaymentPlan, models.PROTECT, related_name="instalments", verbose_name=_("plan"))
    number = models.PositiveSmallIntegerField(_("number"))
    due_on = models.DateField(_("due on"))
    pay_by = models.DateField(_("in time until"))
    principal = money(_("principal planned"))
    interest = money(_("interest planned"))
    balance = money(_("balance planned"))
    is_current = models.BooleanField(_("counts"), default=False, editable=False)
    owed_principal = counted(_("principal due"))
    owed_interest = counted(_("interest due"))
    paid_principal = counted(_("principal paid"))
    paid_interest = counted(_("interest paid"))
    paid_on = models.DateField(_("paid on"), null=True, blank=True, editable=False)
    counted_at = models.DateTimeField(_("counted at"), default=clock.now, editable=False)

    objects = AccessManager()

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="projects_instalment_number_once"),
            models.UniqueConstraint(fields=["plan", "due_on"], name="projects_instalment_day_once"),
            models.CheckConstraint(
                condition=Q(principal__gte=0, interest__gte=0, balance__gte=0), name="projects_instalment_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(paid_principal__gte=0, paid_interest__gte=0)
                & Q(paid_principal__lte=F("owed_principal"), paid_interest__lte=F("owed_interest")),
                name="projects_instalment_paid_within",
            ),
            models.CheckConstraint(condition=Q(pay_by__gte=F("due_on")), name="projects_instalment_days_ordered"),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=Q(is_current=True), name="projects_instalment_by_day")
        ]

    def __str__(self) -> str:
        return f"{self.due_on} · {self.principal}"

    def get_absolute_url(self) -> str:
        return reverse("projects:servicing_detail", args=[self.plan.contract_id])


class Repayment(KeptWords):
    """Money of the borrower that came in, by the bank's reference: booked once, never changed.

    A wrong one is reversed by a second person; its parts are taken back by lines of their own.
    """

    KEEPS = ("entered_by", "reversed_by")

    class State(models.TextChoices):
        BOOKED = "booked", _("Booked")
        REVERSED = "reversed", _("Reversed")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="repayments", verbose_name=_("contract"))
    reference = models.CharField(_("bank reference"), max_length=60)
    amount = money(_("amount"))
    value_date = models.DateField(_("value date"))
    is_prepayment = models.BooleanField(_("early repayment"), default=False)
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.BOOKED)
    entered_by = person(_("booked by"))
    entered_at = models.DateTimeField(_("booked at"), default=clock.now)
    reversed_by = person(_("reversed by"), null=True, blank=True)
    reversed_at = models.DateTimeField(_("reversed at"), null=True, blank=True)
    reversed_reason = models.CharField(_("reason for the reversal"), max_length=500, blank=True, default="")

    objects = AccessManager()

    class Meta:
        verbose_name = _("repayment")
        verbose_name_plural = _("repayments")
        ordering = ["-value_date", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="projects_repayment_reference_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="projects_repayment_above_zero"),
            models.CheckConstraint(
                condition=Q(reversed_by__isnull=True) | ~Q(reversed_by=F("entered_by")),
                name="projects_repayment_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="booked", reversed_by__isnull=True, reversed_at__isnull=True)
                | Q(state="reversed", reversed_by__isnull=False, reversed_at__isnull=False) & ~Q(reversed_reason=""),
                name="projects_repayment_state_has_its_people",
            ),
        ]
        indexes = [models.Index(fields=["-value_date", "-id"], name="projects_repayment_by_day")]

    def __str__(self) -> str:
        return f"{self.reference} · {self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("projects:repayment_detail", args=[self.pk])


class RepaymentPart(models.Model):
    """One line of the ledger: what a payment covered, or what a later entry took back from it (below zero).

    Only ever added. The lines of a payment sum to its amount, of a reversed one to zero; those of principal are the
    contract's `repaid`, never above what was paid out. The database holds both (migration 0111).
    """

    class Kind(models.TextChoices):
        INTEREST = "interest", pgettext_lazy("part of a repayment", "Interest")
        COMPOUND = "compound", pgettext_lazy("part of a repayment", "Compound interest")
        PENALTY = "penalty", pgettext_lazy("part of a repayment", "Penalty interest")
        PRINCIPAL = "principal", pgettext_lazy("part of a repayment", "Principal due")
        PREPAID = "prepaid", pgettext_lazy("part of a repayment", "Principal paid early")

    OF_PRINCIPAL = (Kind.PRINCIPAL, Kind.PREPAID)

    repayment = models.ForeignKey(Repayment, models.PROTECT, related_name="parts", verbose_name=_("repayment"))
    # The entry that brought the line about: the payment itself, or one that was back-dated before it.
    cause = models.ForeignKey(Repayment, models.PROTECT, related_name="+", verbose_name=_("brought about by"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    amount = money(_("amount"))
    booked_at = models.DateTimeField(_("booked at"), default=clock.now)

    objects = AccessManager()

    class Meta:
        verbose_name = _("part of a repayment")
        verbose_name_plural = _("parts of repayments")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="projects_part_not_zero")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
