"""Reads of the committee: meetings, hearings, who attended and voted, which cases wait for an agenda."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from crm.kernel.access.policies import Viewer
from crm.kernel.people.models import Person
from risk.committee.members import find_members
from risk.committee.models import AgendaItem, Attendance, Meeting, Vote
from risk.committee.policies import KEEP
from risk.reviews.models import CaseStatus, ReviewCase, Stage

OPEN = (AgendaItem.Status.LISTED, AgendaItem.Status.VOTING)
# What a secretary does next, the nearest first.
ACTS = ("close", "open", "wait")


def list_meetings(*, viewer: Viewer) -> QuerySet[Meeting]:
    """Meetings this person may see, latest first, with how many cases stood on the agenda."""
    cases = Count("items", filter=~Q(items__status=AgendaItem.Status.REMOVED))
    return (
        Meeting.objects.visible_to(viewer).select_related("secretary").annotate(cases=cases).order_by("-held_on", "-pk")
    )


def shown_hearings() -> QuerySet[AgendaItem]:
    """Hearings with what a page or an answer says of them."""
    return AgendaItem.objects.select_related(
        "meeting", "case__project__client__owner__department", "presenter__department", "chair"
    )


def list_hearings(*, viewer: Viewer) -> QuerySet[AgendaItem]:
    """Hearings this person may see, latest first."""
    return shown_hearings().filter(pk__in=AgendaItem.objects.visible_to(viewer).order_by().values("pk")).order_by("-pk")


def list_agenda(meeting: Meeting) -> QuerySet[AgendaItem]:
    """The agenda of a meeting in its order."""
    return shown_hearings().filter(meeting=meeting).order_by("pk")


def list_attendance(item: AgendaItem, *, viewer: Viewer) -> list[Attendance]:
    """Who attended, as far as this person may know. One query."""
    return list(Attendance.objects.visible_to(viewer).filter(item=item).order_by("pk"))


def list_votes(item: AgendaItem, *, viewer: Viewer) -> list[Vote]:
    """The votes this person may read: one's own, all of them once the result stands. One query."""
    return list(Vote.objects.visible_to(viewer).filter(item=item).order_by("pk"))


def count_cast(item: AgendaItem) -> int:
    """How many votes lie in the urn; not whose or which."""
    return Vote.objects.filter(item=item).count()


def list_cases_to_hear(*, viewer: Viewer) -> QuerySet[ReviewCase]:
    """Cases that wait for the committee and stand on no agenda, the longest waiting first."""
    on_agenda = AgendaItem.objects.filter(status__in=OPEN).values("case")
    waits = ReviewCase.objects.visible_to(viewer).filter(status=CaseStatus.OPEN, stage=Stage.COMMITTEE)
    return waits.exclude(pk__in=on_agenda).select_related("project").order_by("stage_since", "pk")


def list_possible_voters(item: AgendaItem) -> QuerySet[Person]:
    """Members in office who declared no conflict in this case. Three queries."""
    members = find_members(item.case)
    return Person.objects.filter(pk__in=set(members.declared) & set(members.people)).order_by("name", "pk")


def find_hearing(case: ReviewCase, *, viewer: Viewer) -> AgendaItem | None:
    """The latest hearing of a case that this person may see."""
    found = AgendaItem.objects.visible_to(viewer).filter(case=case).exclude(status=AgendaItem.Status.REMOVED)
    return found.order_by("-pk").first()


def waiting_for(*, viewer: Any) -> QuerySet[AgendaItem]:
    """Open ballots in which this person has still to vote."""
    mine = AgendaItem.objects.visible_to(viewer, "vote").filter(status=AgendaItem.Status.VOTING)
    told = AgendaItem.objects.select_related("meeting", "case").only(
        "case__number", "case__kept_words", "meeting__number", "meeting__held_on"
    )
    return told.filter(pk__in=mine.order_by().values("pk")).exclude(votes__person=viewer.pk).order_by("pk")


def list_next_acts(meetings: Sequence[Meeting]) -> dict[int, tuple[str, AgendaItem]]:
    """{meeting: what its secretary can do next, and in which hearing}: "close" a ballot in which all have voted, "open"
    the next one. A meeting that only waits for votes has `wait`; one without open hearings is not there. One query.
    """
    voice = Q(attendance__state=Attendance.State.PRESENT)
    rows = (
        AgendaItem.objects.filter(meeting__in=meetings, status__in=OPEN)
        .select_related("case")
        .annotate(voters=Count("attendance", filter=voice, distinct=True), cast=Count("votes", distinct=True))
    )
    found: dict[int, tuple[str, AgendaItem]] = {}
    for item in rows.order_by("meeting_id", "pk"):
        is_listed = item.status == AgendaItem.Status.LISTED
        act = "open" if is_listed else "close" if item.cast >= item.voters else "wait"
        first = found.get(item.meeting_id)
        if first is None or (ACTS.index(act) < ACTS.index(first[0])):
            found[item.meeting_id] = (act, item)
    return found


def to_keep(*, viewer: Any) -> QuerySet[Meeting]:
    """Convened meetings that this person keeps."""
    return Meeting.objects.visible_to(viewer, KEEP).filter(status=Meeting.Status.CONVENED).order_by("held_on", "pk")
