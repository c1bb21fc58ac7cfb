"""The re-hearing (复议) of a rejected case: once, on new documents, asked for by the department head."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager
from crm.kernel.audit.models import AppendOnly
from crm.kernel.people.models import Person
from projects.deals.models import ProjectDocument
from risk.reviews.models import ReviewCase

LONGEST = 2000


class Rehearing(KeptWords, AppendOnly):
    """Why a rejected case is heard again, and in which round. A case has at most one, ever."""

    KEEPS = ("asked_by",)

    case = models.OneToOneField(ReviewCase, models.PROTECT, related_name="rehearing", verbose_name=_("case"))
    round = models.PositiveSmallIntegerField(_("round"))
    new_facts = models.TextField(_("new facts"), max_length=LONGEST)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))

    objects = AccessManager()

    class Meta:
        verbose_name = _("re-hearing")
        verbose_name_plural = _("re-hearings")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case} / {self.round}"


class RehearingDocument(AppendOnly):
    """A document that shows a new fact. The trigger of migration 0075 asks that it came after the rejection."""

    rehearing = models.ForeignKey(Rehearing, models.PROTECT, related_name="documents", verbose_name=_("re-hearing"))
    document = models.ForeignKey(ProjectDocument, models.PROTECT, related_name="+", verbose_name=_("document"))

    objects = AccessManager()

    class Meta:
        verbose_name = _("document of a re-hearing")
        verbose_name_plural = _("documents of a re-hearing")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["rehearing", "document"], name="risk_rehearingdocument_once"),
        ]

    def __str__(self) -> str:
        return str(self.document)
