"""That somebody is complained of, or is a relative of who is: a claim of one person until a second one confirms it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock
from staff.complaints.models.complaint import Complaint

# Claims that come without a reason in words say by one of these what they are based on.
AT_RECEIPT, DECLARED = "at_receipt", "declared"
BASES: dict[str, Text] = {
    AT_RECEIPT: _("Named when the complaint was recorded."),
    DECLARED: _("Declared in the register of relations."),
}


class ComplaintClaim(KeptWords):
    """One claim about one person, decided once by an uninvolved second person (migration 0031 holds it).

    While it waits the person is barred from acting and knows that the complaint exists; a seat is that of a person
    complained of only by a confirmed claim. `UNDO` takes such a seat away the same way.
    """

    KEEPS = ("person", "claimed_by", "decided_by")

    class What(models.TextChoices):
        SUBJECT = "subject", _("complained of")
        RELATIVE = "relative", _("declared as a relative by a person complained of")
        UNDO = "undo", _("no longer complained of")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="claims", verbose_name=_("complaint"))
    person = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    what = models.CharField(_("claim"), max_length=8, choices=What.choices)
    reason = models.CharField(_("reason"), max_length=1000)
    claimed_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("claimed by"))
    claimed_at = models.DateTimeField(_("claimed at"), default=clock.now)
    decided_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("confirmed"), null=True, blank=True)
    opinion = models.CharField(_("opinion"), max_length=500, blank=True, default="")

    objects = AccessManager()

    class Meta:
        verbose_name = _("claim of interest")
        verbose_name_plural = _("claims of interest")
        ordering = ["complaint_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "person"], condition=Q(is_confirmed__isnull=True), name="staff_claim_one_pending"
            ),
            models.CheckConstraint(condition=Q(what__in=["subject", "relative", "undo"]), name="staff_claim_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="staff_claim_has_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | (~Q(decided_by=F("claimed_by")) & ~Q(decided_by=F("person"))),
                name="staff_claim_two_people",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, is_confirmed__isnull=True, opinion="")
                | (Q(decided_by__isnull=False, decided_at__isnull=False, is_confirmed__isnull=False) & ~Q(opinion="")),
                name="staff_claim_decision_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_what_display()}"

    @property
    def reason_words(self) -> Text:
        """The reason, or what a claim that nobody wrote one for is based on."""
        return BASES.get(self.reason, self.reason)
