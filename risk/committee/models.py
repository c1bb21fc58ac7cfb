"""The credit committee (贷审会): meetings, the cases on their agendas, who attends, and the votes. Rules 1.5, 7.1."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.audit.models import AppendOnly
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from risk.committee.rules.voting import RESULTS
from risk.reviews.models import ReviewCase
from risk.reviews.workflow import SeatStage

LONGEST = 2000
MOST_LINES = 10
SEAT = SeatStage.COMMITTEE.value


class Meeting(KeptWords, VersionedModel):
    """One sitting. Its secretary keeps agenda, attendance and minutes and has no vote. `minutes` is the text the PDF is
    set from, as it was when the meeting closed; `minutes_sha256` is its hash.
    """

    KEEPS = ("secretary",)

    class Status(models.TextChoices):
        CONVENED = "convened", _("Convened")
        CLOSED = "closed", _("Closed, minutes written")

    number = models.CharField(_("meeting number"), max_length=20, unique=True)
    held_on = models.DateField(_("day"))
    place = models.CharField(_("place or link"), max_length=120)
    secretary = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("secretary"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.CONVENED)
    convened_at = models.DateTimeField(_("convened at"), default=clock.now)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    minutes = models.TextField(_("minutes"), blank=True, default="")
    minutes_sha256 = models.CharField(_("hash of the minutes (SHA-256)"), max_length=64, blank=True, default="")

    objects = AccessManager()

    class Meta:
        verbose_name = _("committee meeting")
        verbose_name_plural = _("committee meetings")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="convened", closed_at__isnull=True, minutes="", minutes_sha256="")
                | (Q(status="closed", closed_at__isnull=False, minutes_sha256__regex=r"^[0-9a-f]{64}$")),
                name="risk_meeting_closed_with_minutes",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("risk:meeting_detail", args=[self.pk])


class AgendaItem(KeptWords, VersionedModel):
    """One case before one meeting: one hearing of one round. `seats`: members in office when the ballot opened.

    Migration 0078 adds: it stands in the secretary's meeting, its case at the committee; once decided it stays.
    """

    KEEPS = ("presenter", "chair")

    class Status(models.TextChoices):
        LISTED = "listed", _("On the agenda")
        VOTING = "voting", _("Ballot open")
        DECIDED = "decided", _("Decided")
        REMOVED = "removed", _("Taken off the agenda")

    class Result(models.TextChoices):
        APPROVED = "approved", _("Agreed")
        WITH_CONDITIONS = "approved_with_conditions", _("Agreed with conditions")
        RECONSIDER = "reconsider", _("To be heard again")
        REFUSED = "refused", _("Not agreed")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items", verbose_name=_("meeting"))
    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="hearings", verbose_name=_("case"))
    round = models.PositiveSmallIntegerField(_("round"))
    dossier_sha256 = models.CharField(_("Dossier hash (SHA-256)"), max_length=64)
    hearing = models.PositiveSmallIntegerField(_("hearing"), default=1)
    presenter = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("presented by"))
    chair = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("chair"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.LISTED)
    seats = models.PositiveSmallIntegerField(_("members in office"), null=True, blank=True)
    opened_at = models.DateTimeField(_("ballot opened at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=24, choices=Result.choices, blank=True, default="")
    present = models.PositiveSmallIntegerField(_("present with a vote"), null=True, blank=True)
    votes_for = models.PositiveSmallIntegerField(_("votes in favour"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["meeting_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(status__in=["listed", "voting"]), name="risk_agendaitem_one_open"
            ),
            models.UniqueConstraint(
                fields=["case", "round"], condition=Q(status="decided"), name="risk_agendaitem_one_result"
            ),
            models.CheckConstraint(condition=Q(hearing__in=[1, 2]), name="risk_agendaitem_heard_twice_at_most"),
            models.CheckConstraint(
                condition=Q(chair__isnull=True) | ~Q(chair=F("presenter")), name="risk_agendaitem_presenter_no_chair"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["listed", "removed"], result="", closed_at__isnull=True)
                | Q(status="voting", result="", closed_at__isnull=True, seats__isnull=False, chair__isnull=False)
                | Q(
                    status="decided",
                    result__in=RESULTS,
                    closed_at__isnull=False,
                    seats__gte=F("present"),
                    present__gte=F("votes_for"),
                    chair__isnull=False,
                ),
                name="risk_agendaitem_status_has_its_act",
            ),
            models.CheckConstraint(
                condition=~Q(result="reconsider") | Q(hearing=1), name="risk_agendaitem_heard_again_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} · {self.case_id}"

    def get_absolute_url(self) -> str:
        return reverse("risk:hearing", args=[self.pk])

    @property
    def audit_name(self) -> str:
        """Audit rows name meeting and case by their numbers."""
        return f"{self.meeting.number} · {self.case.number}"


class Attendance(KeptWords, AppendOnly):
    """One member at one hearing, as the secretary recorded it when the ballot opened. Present ones have the seat of the
    committee in this case (a composite key), so no maker, reviewer or approver of it is among them.
    """

    KEEPS = ("person",)

    class State(models.TextChoices):
        PRESENT = "present", _("Present")
        RECUSED = "recused", _("Recused")
        ABSENT = "absent", _("Absent")

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="attendance", verbose_name=_("agenda item"))
    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="+", verbose_name=_("case"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("member"))
    state = models.CharField(_("attendance"), max_length=8, choices=State.choices)
    # Of who is present: the stage of the seat they vote from.
    seat = models.CharField(_("seat"), max_length=10, null=True, editable=False)  # noqa: DJ001 - a key, null unless present
    papers_at = models.DateTimeField(_("papers opened at"), null=True, blank=True)
    noted_at = models.DateTimeField(_("recorded at"))

    objects = AccessManager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["item_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "person"], name="risk_attendance_once"),
            # Target of the vote's composite key.
            models.UniqueConstraint(fields=["item", "person", "seat"], name="risk_attendance_with_seat"),
            models.CheckConstraint(
                condition=Q(state="present", seat=SEAT, papers_at__isnull=False)
                | Q(state__in=["recused", "absent"], seat__isnull=True),
                name="risk_attendance_present_has_seat",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} · {self.person_id}"


class Vote(KeptWords, AppendOnly):
    """One member's named vote, written once. It hangs on that member's own attendance with a seat (a composite key).

    Migration 0078 adds: only while the ballot is open, never by the meeting's secretary or whoever has recused, and
    never another "heard again" at the second hearing. `lines`: the conditions of a conditional vote, or the questions
    of one for a further hearing.
    """

    KEEPS = ("person",)

    class Kind(models.TextChoices):
        FOR = "for", _("Agree")
        FOR_WITH_CONDITION = "for_with_condition", _("Agree with conditions")
        RECONSIDER = "reconsider", _("Hear again after a supplement")
        AGAINST = "against", _("Do not agree")

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="votes", verbose_name=_("agenda item"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("member"))
    seat = models.CharField(_("seat"), max_length=10, default=SEAT, editable=False)
    kind = models.CharField(_("vote"), max_length=20, choices=Kind.choices)
    opinion = models.TextField(_("opinion"), max_length=LONGEST)
    lines = models.JSONField(_("conditions or questions"), default=list)
    account_id = models.BigIntegerField(_("account id"), null=True)
    cast_at = models.DateTimeField(_("cast at"))

    objects = AccessManager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["item_id", "cast_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "person"], name="risk_vote_once"),
            models.CheckConstraint(condition=Q(seat=SEAT), name="risk_vote_from_committee_seat"),
            models.CheckConstraint(condition=~Q(opinion=""), name="risk_vote_has_opinion"),
            models.CheckConstraint(
                condition=(Q(kind__in=["for_with_condition", "reconsider"]) & ~Q(lines=[]))
                | Q(kind__in=["for", "against"], lines=[]),
                name="risk_vote_says_what_it_asks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} · {self.person_id}"
