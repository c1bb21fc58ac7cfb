"""What moves the limit of a complaint: extensions and pauses."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager
from staff.complaints.models.complaint import Complaint
from staff.complaints.models.words import Part


class Extension(KeptWords):
    """One extension: registered with a reason, approved by a second person, told to the complainant; then in force.

    `due_before` is the limit in force when it was registered; whatever is missing when that day has passed is too late.
    """

    KEEPS = ("requested_by", "decided_by")

    class Step(models.IntegerChoices):
        FIRST = 1, _("First extension")
        SECOND = 2, _("Second extension")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="extension_rows", verbose_name=_("complaint"))
    step = models.PositiveSmallIntegerField(_("extension"), choices=Step.choices)
    days = models.PositiveSmallIntegerField(_("limit from receipt"))
    reason = models.TextField(_("reason"), max_length=1000)
    due_before = models.DateField(_("limit before"))
    requested_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("registered by"))
    requested_at = models.DateTimeField(_("registered at"))
    decided_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    is_approved = models.BooleanField(_("approved"), null=True, blank=True)
    decision = models.CharField(_("reasons for the decision"), max_length=500, blank=True, default="")
    checker_part = models.CharField(max_length=9, default=Part.CHECKER, editable=False)
    told_at = models.DateTimeField(_("notified at"), null=True, blank=True)
    told_on = models.DateField(_("notified on"), null=True, blank=True)
    told_how = models.CharField(_("how the complainant was notified"), max_length=200, blank=True, default="")

    objects = AccessManager()

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["complaint_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "step"], condition=Q(told_at__isnull=False), name="staff_extension_once_in_force"
            ),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(told_at__isnull=True) & (Q(is_approved__isnull=True) | Q(is_approved=True)),
                name="staff_extension_one_pending",
            ),
            models.CheckConstraint(condition=Q(step__in=[1, 2]), name="staff_extension_two_steps"),
            models.CheckConstraint(condition=~Q(reason=""), name="staff_extension_has_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="staff_extension_two_people",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, is_approved__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_approved__isnull=False),
                name="staff_extension_decision_is_whole",
            ),
            models.CheckConstraint(condition=Q(checker_part="checker"), name="staff_extension_decided_by_checker"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, told_on__isnull=True, told_how="")
                | (Q(told_at__isnull=False, is_approved=True, told_on__lte=F("due_before")) & ~Q(told_how="")),
                name="staff_extension_told_in_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} · {self.get_step_display()}"

    @property
    def is_pending(self) -> bool:
        """Whether it waits for its approval or for being told."""
        return self.told_at is None and self.is_approved is not False


class Pause(models.Model):
    """The clock stands still from `started_on` until `ended_on`, by itself no longer than until `planned_end`."""

    class Reason(models.TextChoices):
        MEDIATION = "mediation", _("Mediation agreed by both sides")
        MANDATE = "mandate", _("Proxy mandate missing")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="pauses", verbose_name=_("complaint"))
    reason = models.CharField(_("grounds"), max_length=9, choices=Reason.choices)
    note = models.CharField(_("what was agreed or is missing"), max_length=500)
    started_on = models.DateField(_("from"))
    planned_end = models.DateField(_("at most until"))
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("pause of the clock")
        verbose_name_plural = _("pauses of the clock")
        ordering = ["complaint_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(ended_on__isnull=True), name="staff_pause_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(reason__in=["mediation", "mandate"]), name="staff_pause_reason_known"),
            models.CheckConstraint(
                condition=Q(planned_end__gt=F("started_on"))
                & (Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on"), ended_on__lte=F("planned_end"))),
                name="staff_pause_dates_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} · {self.get_reason_display()}"
