"""The credit limit of a client: worked out and proposed by a risk assessor, decided by an approver of its level."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.file.models import Grade
from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager
from crm.kernel.people.roles import AuthorityLevel
from crm.kernel.workdays import clock


class CreditLimit(KeptWords):
    """One limit in yuan. What was proposed and decided stays; `cut_to` is what a later, worse grade leaves of it.

    `computed` is what the formula gave on the day of the proposal, `terms` every term of it with its figures;
    `cut_terms` the same of the day it was cut. `level` decides it; where the matrix sends that level through the
    committee, `resolution` names its minutes.
    """

    KEEPS = ("client", "entered_by", "asked_of", "decided_by")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for a decision")
        IN_FORCE = "in_force", _("In force")
        DECLINED = "declined", _("Declined")
        REPLACED = "replaced", _("Replaced")

    class NeedKind(models.TextChoices):
        WORKING_CAPITAL = "working_capital", _("Working-capital need")
        DEBT_CAPACITY = "debt_capacity", _("Debt capacity")

    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="limits", verbose_name=_("client"))
    grade = models.CharField(_("grade"), max_length=3, choices=Grade.choices)
    amount = models.DecimalField(_("limit in yuan"), max_digits=18, decimal_places=2)
    computed = models.DecimalField(_("limit by the formula, in yuan"), max_digits=18, decimal_places=2)
    need_kind = models.CharField(_("kind of need"), max_length=20, choices=NeedKind.choices)
    need = models.DecimalField(_("need in yuan"), max_digits=18, decimal_places=2)
    source = models.CharField(_("source of the need"), max_length=300)
    reason = models.TextField(_("reason"), max_length=2000)
    terms = models.JSONField(_("terms of the formula"))
    rule_versions = models.JSONField(_("versions of the rules"), default=list)
    level = models.PositiveSmallIntegerField(_("level needed"), choices=AuthorityLevel.choices)
    by_committee = models.BooleanField(_("needs a resolution of the committee"), default=False)
    valid_until = models.DateField(_("valid until"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PROPOSED)

    entered_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    entered_at = models.DateTimeField(_("proposed at"), default=clock.now)
    asked_of = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("to be decided by"))
    decided_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_level = models.PositiveSmallIntegerField(
        _("level of who decided"), choices=AuthorityLevel.choices, null=True, blank=True
    )
    opinion = models.TextField(_("opinion"), max_length=1000, blank=True, default="")
    resolution = models.CharField(_("resolution of the committee"), max_length=100, blank=True, default="")

    cut_to = models.DecimalField(_("cut to, in yuan"), max_digits=18, decimal_places=2, null=True, blank=True)
    cut_at = models.DateTimeField(_("cut at"), null=True, blank=True)
    cut_terms = models.JSONField(_("terms when it was cut"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("credit limit")
        verbose_name_plural = _("credit limits")
        ordering = ["-entered_at", "-id"]
        indexes = [models.Index(fields=["client", "-entered_at"], name="risk_creditlimit_of_client")]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(status="proposed"), name="risk_creditlimit_one_proposed"
            ),
            models.UniqueConstraint(
                fields=["client"], condition=Q(status="in_force"), name="risk_creditlimit_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lte=F("computed"), need__gte=0),
                name="risk_creditlimit_at_most_formula",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("entered_by")),
                name="risk_creditlimit_two_people",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "replaced"], decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    ~Q(status="proposed"),
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    decided_level__gte=F("level"),
                ),
                name="risk_creditlimit_decided_by_level",
            ),
            models.CheckConstraint(
                condition=~Q(status="in_force") | Q(by_committee=False) | ~Q(resolution=""),
                name="risk_creditlimit_by_committee",
            ),
            models.CheckConstraint(
                condition=Q(cut_to__isnull=True, cut_at__isnull=True, cut_terms__isnull=True)
                | Q(cut_to__gte=0, cut_to__lt=F("amount"), cut_at__isnull=False, cut_terms__isnull=False),
                name="risk_creditlimit_cut_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} · {self.valid_until}"

    def get_absolute_url(self) -> str:
        return reverse("risk:limit_detail", args=[self.pk])

    @property
    def effective(self) -> Decimal:
        """What holds of it, in yuan."""
        return self.amount if self.cut_to is None else self.cut_to

    @property
    def shown_status(self) -> str:
        """The status as the badge names it: one past its day has ended, a cut one says so."""
        if self.status != self.Status.IN_FORCE:
            return self.status
        if self.valid_until < clock.today():
            return "ended"
        return self.status if self.cut_to is None else "cut"
