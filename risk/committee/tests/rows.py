"""The committee in the access matrix: a case on the agenda, one with an open ballot, one with all votes in, one that
waits for an agenda. Each hangs on a client of its own.
"""

from typing import Any

from crm.kernel.workdays import clock
from crm.tests.assurance.world import ABSENT, Situation, World
from risk.committee.models import Attendance, Meeting
from risk.committee.services import meeting_convene
from risk.committee.tests.factories import OPINION, case_at_committee, make_committee, open_ballot, put_on_agenda, vote
from risk.reviews.models import ReviewCase
from risk.reviews.tests.factories import declare

PLACE = "总部三楼会议室"


def add_rows(world: World) -> None:
    """Five members in office; the cast's one is the first of them."""
    members, secretary = make_committee(5), world.people["committee_secretary"]
    waiting = case_at_committee()
    meeting = _convene(world)
    empty = Situation("no_case", waiting.project.client, rows={"meeting": _convene(world), "waiting": waiting})
    listed = put_on_agenda(case_at_committee(), meeting)
    for member in members:
        declare(listed.case, member)
    voting = open_ballot(case_at_committee(), members, by=secretary)
    voted = open_ballot(case_at_committee(), members, by=secretary)
    [own, *_others] = [vote(voted, member) for member in members]
    world.situations["no_case"] = empty
    for name, item in (("listed", listed), ("voting", voting), ("voted", voted)):
        item.refresh_from_db()
        rows: dict[str, Any] = {"meeting": Meeting.objects.get(pk=item.meeting_id), "hearing": item}
        world.situations[name] = Situation(name, item.case.project.client, rows=rows)
    world.situations["voting"].rows["attendance"] = Attendance.objects.filter(item=voting).first()
    world.situations["voted"].rows["vote"] = own


def _convene(world: World) -> Meeting:
    return meeting_convene(held_on=clock.today(), place=PLACE, by=world.people["committee_secretary"])


def _waiting(world: World) -> int:
    case: ReviewCase = world.situations["no_case"].rows["waiting"]
    return int(case.pk)


def _version(world: World, model: str, situation: str) -> int:
    row = world.row(model, situation) if situation != "absent" else None
    return int(type(row).objects.get(pk=row.pk).version) if row is not None else 1


def _of_meeting(name: str, **more: Any) -> Any:
    return lambda world, situation: {name: _version(world, "meeting", situation), **more}


def _of_hearing(name: str, **more: Any) -> Any:
    return lambda world, situation: {name: _version(world, "hearing", situation), **more}


def _agenda(name: str) -> Any:
    return lambda world, situation: {"case": _waiting(world), name: _version(world, "meeting", situation)}


def _open(name: str) -> Any:
    def body(world: World, situation: str) -> dict[str, Any]:
        members = [member.pk for member in make_committee(5)]
        chair = members[0] if situation != "absent" else ABSENT
        return {"present": members, "chair": chair, name: _version(world, "hearing", situation)}

    return body


VOTE = {"kind": "for", "opinion": OPINION}
REASON = {"reason": "委员临时公出，改期上会。"}
BODIES = {
    "risk:meeting_new": lambda world, situation: {"held_on": clock.today().isoformat(), "place": PLACE},
    "api:meeting-list": lambda world, situation: {"held_on": clock.today().isoformat(), "place": PLACE},
    "risk:meeting_agenda": _agenda("version"),
    "api:meeting-agenda": _agenda("expected_version"),
    "risk:meeting_close": _of_meeting("version"),
    "api:meeting-close": _of_meeting("expected_version"),
    "risk:hearing_open": _open("version"),
    "api:hearing-open": _open("expected_version"),
    "risk:hearing_vote": lambda world, situation: {**VOTE, "lines": ""},
    "api:hearing-vote": lambda world, situation: VOTE,
    "risk:hearing_close": _of_hearing("version"),
    "api:hearing-close": _of_hearing("expected_version"),
    "risk:hearing_remove": _of_hearing("version", **REASON),
    "api:hearing-remove": _of_hearing("expected_version", **REASON),
    "admin:risk_agendaitem_change": lambda world, situation: {"vote": "for", "words": OPINION, "points": ""},
}


def grow(manager: Any, client: Any) -> None:
    """One meeting more."""
    Meeting.objects.create(
        number=f"DSH-2020-{Meeting.objects.count() + 1:03d}",
        held_on=clock.today(),
        place=PLACE,
        secretary=manager,
        convened_at=clock.now(),
    )
