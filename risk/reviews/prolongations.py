"""The prolongation of an approval (批复展期): once, by who approved, before the last valid day (rules-2 section 1)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager
from crm.kernel.audit.models import AppendOnly
from crm.kernel.people.models import Person
from risk.reviews.models import ReviewCase


class Prolongation(KeptWords, AppendOnly):
    """Until when the approval of a round is valid instead. Migration 0080 asks that who approved it grants it, and
    that the last day of an approved project moves by nothing else.
    """

    KEEPS = ("granted_by",)

    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="prolongations", verbose_name=_("case"))
    round = models.PositiveSmallIntegerField(_("round"))
    valid_before = models.DateField(_("valid until before"))
    valid_until = models.DateField(_("approval valid until"))
    reason = models.TextField(_("reason for the prolongation"), max_length=500)
    granted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("prolonged by"))
    granted_at = models.DateTimeField(_("prolonged at"))

    objects = AccessManager()

    class Meta:
        verbose_name = _("prolongation")
        verbose_name_plural = _("prolongations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="risk_prolongation_once"),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_before")), name="risk_prolongation_is_longer"),
        ]

    def __str__(self) -> str:
        return f"{self.case} / {self.round}"
