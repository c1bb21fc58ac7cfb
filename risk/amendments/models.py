"""A requested change of an approved project (变更、展期), and the terms as each approval of one left them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager
from crm.kernel.audit.models import AppendOnly
from crm.kernel.people.models import Person
from projects.deals.models import Project
from risk.reviews.models import ReviewCase

AMENDMENT = "amendment"
# The columns of a project that an amendment may change.
FIELDS = (
    "amount",
    "term_months",
    "draw_months",
    "rate_kind",
    "rate_spread_bp",
    "rate_fixed",
    "repayment",
    "secured",
    "security_kinds",
    "is_fully_margined",
    "purpose",
    "term_reason",
)


class Amendment(KeptWords, AppendOnly):
    """What one round of an amendment's case asks for. `before`: each of `FIELDS` as it is decided; `changes`: those
    that are to change, as asked. Amounts and rates are text with their places. Migration 0084 ties it to its round.

    `is_extension`: a later maturity of a loan whose contract is signed (展期).
    """

    KEEPS = ("asked_by",)

    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="amendments", verbose_name=_("case"))
    round = models.PositiveSmallIntegerField(_("round"))
    before = models.JSONField(_("terms decided so far"))
    changes = models.JSONField(_("changes asked for"))
    is_extension = models.BooleanField(_("extension of the loan"), default=False)
    reason = models.TextField(_("reason for the change"), max_length=1000)
    effect = models.TextField(_("effect of the change"), max_length=1000)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))

    objects = AccessManager()

    class Meta:
        verbose_name = _("requested change")
        verbose_name_plural = _("requested changes")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="risk_amendment_once"),
            models.CheckConstraint(condition=~Q(changes={}), name="risk_amendment_changes_something"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(effect=""), name="risk_amendment_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.case} / {self.round}"

    def get_absolute_url(self) -> str:
        return self.case.get_absolute_url()


class TermsVersion(AppendOnly):
    """The decided terms of a project since an amendment was approved: 2 is the first after the terms of the approval.

    `terms` has a value for each of `FIELDS` and for the approved amount, term and draw-down period. Migration 0084 lets
    these columns of the project move to the values of the next version and nowhere else.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="terms_versions", verbose_name=_("project"))
    number = models.PositiveSmallIntegerField(_("version of the terms"))
    amendment = models.OneToOneField(
        Amendment, models.PROTECT, related_name="version", verbose_name=_("requested change")
    )
    terms = models.JSONField(_("decided terms"))
    decided_at = models.DateTimeField(_("decided at"))

    objects = AccessManager()

    class Meta:
        verbose_name = _("version of the terms")
        verbose_name_plural = _("versions of the terms")
        ordering = ["project_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="risk_termsversion_once"),
            models.CheckConstraint(condition=Q(number__gte=2), name="risk_termsversion_from_two"),
        ]

    def __str__(self) -> str:
        return f"{self.project} v{self.number}"

    def get_absolute_url(self) -> str:
        return self.amendment.get_absolute_url()
