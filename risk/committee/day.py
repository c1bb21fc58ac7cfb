from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from risk.committee.selectors import list_cases_to_hear, list_next_acts, to_keep, waiting_for


def ballots(person: Person) -> Iterable[Line]:
    """Open ballots in which this member has still to vote."""
    if not person.has_role(Role.COMMITTEE_MEMBER):
        return
    for item in waiting_for(viewer=person)[:MOST]:
        yield Line(
            kind="review",
            icon="users",
            title=_("Vote: %(project)s") % {"project": item.case.kept.project.name},
            note=f"{item.case.number} · {item.meeting.number}",
            due=item.meeting.held_on,
            act=_("Vote"),
            url=reverse("risk:hearing_vote", args=[item.pk]),
        )


def meetings(person: Person) -> Iterable[Line]:
    """For the secretary: meetings to keep, and cases that wait for an agenda."""
    if not person.has_role(Role.COMMITTEE_SECRETARY):
        return
    kept = list(to_keep(viewer=person)[:MOST])
    acts = list_next_acts(kept) if kept else {}
    for meeting in kept:
        code, item = acts.get(meeting.pk, ("", None))
        if code == "wait":
            continue
        words = {"open": _("Open the ballot"), "close": _("Close the ballot")}
        yield Line(
            kind="review",
            icon="users",
            title=_("Committee meeting %(number)s") % {"number": meeting.number},
            note=item.case.number if item else meeting.place,
            due=meeting.held_on,
            act=words.get(code, _("Close the meeting")),
            url=reverse(f"risk:hearing_{code}", args=[item.pk])
            if item
            else reverse("risk:meeting_close", args=[meeting.pk]),
        )
    for case in list_cases_to_hear(viewer=person)[:MOST]:
        yield Line(
            kind="review",
            icon="list",
            title=_("Put on an agenda: %(project)s") % {"project": case.project.name},
            note=case.number,
            due=case.due_on,
            act=_("Put on the agenda") if kept else _("Convene a meeting"),
            url=reverse("risk:meeting_agenda", args=[kept[0].pk]) if kept else reverse("risk:meeting_new"),
        )


register(ballots, order=21)
register(meetings, order=22)
