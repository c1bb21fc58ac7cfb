"""核查: the complainant asks the level above to review how the complaint was handled (rules-2 5.1)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock
from staff.complaints.models.complaint import Complaint


class ComplaintRecheck(KeptWords):
    """One request for a review of handling, with its two clocks, and its one answer.

    Asked within `complaint.recheck` days of the day the decision was received (`told_on`, not counted itself); the
    request is late after the rolled-forward day, since that is the reading kinder to the complainant. Answered within
    as many days of the request, by the strict reading. The answer comes from one level up (migration 0039).
    """

    KEEPS = ("recorded_by", "answered_by")

    class Verdict(models.TextChoices):
        UPHELD = "upheld", _("Handling upheld")
        REDO = "redo", _("To be handled again")
        CORRECTED = "corrected", _("Decision corrected")
        LATE = "late", _("Refused as late")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="rechecks", verbose_name=_("complaint"))
    told_on = models.DateField(_("decision received on"))
    requested_on = models.DateField(_("review requested on"))
    grounds = models.CharField(_("grounds"), max_length=1000)
    ask_none = models.DateField(_("last day to ask"))
    ask_forward = models.DateField(_("last day to ask, rolled forward"))
    due_none = models.DateField(_("answer due"))
    due_forward = models.DateField(_("answer due, rolled forward"))
    recorded_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"), default=clock.now)
    verdict = models.CharField(_("result"), max_length=9, choices=Verdict.choices, blank=True, default="")
    answer = models.CharField(_("answer"), max_length=2000, blank=True, default="")
    told_how = models.CharField(_("how the complainant was notified"), max_length=200, blank=True, default="")
    answered_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    redo_due = models.DateField(_("handle again by"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("review of handling")
        verbose_name_plural = _("reviews of handling")
        ordering = ["complaint_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["complaint"], condition=Q(verdict=""), name="staff_recheck_one_open"),
            models.CheckConstraint(
                condition=Q(requested_on__gte=F("told_on"), due_none__gt=F("requested_on"), ask_none__gt=F("told_on")),
                name="staff_recheck_dates_ordered",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", answered_by__isnull=True, answered_at__isnull=True, answer="", told_how="")
                | (
                    ~Q(verdict="")
                    & Q(answered_by__isnull=False, answered_at__isnull=False, answered_on__isnull=False)
                    & ~Q(answer="")
                    & ~Q(told_how="")
                ),
                name="staff_recheck_answer_is_whole",
            ),
            # Late is refused, and nothing else is: neither a late one taken nor a timely one called late.
            models.CheckConstraint(
                condition=Q(verdict="late", requested_on__gt=F("ask_forward"))
                | (~Q(verdict="late") & Q(requested_on__lte=F("ask_forward"))),
                name="staff_recheck_late_is_refused",
            ),
            models.CheckConstraint(
                condition=(Q(verdict="redo") & Q(redo_due__isnull=False))
                | (~Q(verdict="redo") & Q(redo_due__isnull=True)),
                name="staff_recheck_redo_has_limit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} · {self.requested_on}"

    @property
    def was_in_time(self) -> bool | None:
        """Whether the answer kept its limit; None while it may still."""
        if self.answered_on is not None:
            return self.answered_on <= self.due_none
        return False if clock.today() > self.due_none else None
