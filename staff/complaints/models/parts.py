"""Who has which part in a complaint, and what they did in it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager
from crm.kernel.audit.models import AppendOnly
from crm.kernel.workdays import clock
from staff.complaints.models.complaint import Complaint
from staff.complaints.models.words import BY_CHECKER, BY_HANDLER, Kind, Part, Tie


class ComplaintSeat(KeptWords):
    """One person's one part in a complaint: a party concerned can be neither handler nor second person, whoever writes.

    Whoever turns out to be concerned after having acted keeps the part without a voice (`barred_at`, `tie`).
    """

    KEEPS = ("person",)

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="seats", verbose_name=_("complaint"))
    person = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    part = models.CharField(_("part"), max_length=9, choices=Part.choices)
    tie = models.CharField(
        _("reason for being an interested party"), max_length=8, choices=Tie.choices, blank=True, default=""
    )
    since = models.DateTimeField(_("since"), default=clock.now)
    barred_at = models.DateTimeField(_("excluded since"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("role in a complaint")
        verbose_name_plural = _("roles in complaints")
        ordering = ["complaint_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "person"], name="staff_complaintseat_one_per_person"),
            # Target of the composite keys of complaint, extension and event.
            models.UniqueConstraint(fields=["complaint", "person", "part"], name="staff_complaintseat_with_part"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="staff_complaintseat_part_known"),
            models.CheckConstraint(
                condition=(Q(part="concerned") & ~Q(tie=""))
                | (~Q(part="concerned") & Q(barred_at__isnull=True, tie=""))
                | (~Q(part="concerned") & Q(barred_at__isnull=False) & ~Q(tie="")),
                name="staff_complaintseat_concerned_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_part_display()}"


class ComplaintEvent(KeptWords, AppendOnly):
    """One thing that happened to a complaint, written once. `part` binds an act to the seat that may do it."""

    KEEPS = ("person",)

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="events", verbose_name=_("complaint"))
    kind = models.CharField(_("event"), max_length=20, choices=Kind.choices)
    at = models.DateTimeField(_("time"))
    person = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    part = models.CharField(_("part"), max_length=9, choices=Part.choices, null=True, blank=True)  # noqa: DJ001
    text = models.TextField(_("text"), blank=True, default="")
    data = models.JSONField(_("details"), default=dict)

    objects = AccessManager()

    class Meta:
        verbose_name = _("complaint event")
        verbose_name_plural = _("complaint events")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="staff_complaintevent_kind_known"),
            models.CheckConstraint(
                condition=(Q(kind__in=BY_HANDLER, part="handler") & Q(person__isnull=False))
                | (Q(kind__in=BY_CHECKER, part="checker") & Q(person__isnull=False))
                | (~Q(kind__in=[*BY_HANDLER, *BY_CHECKER]) & Q(part__isnull=True)),
                name="staff_complaintevent_by_its_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} · {self.get_kind_display()}"
