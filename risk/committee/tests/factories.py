"""A committee in office, and a case that waits for it: 3 亿, AA, 180 months."""

from decimal import Decimal
from typing import Any

from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member, make_person
from risk.committee.models import AgendaItem, Meeting
from risk.committee.services import ballot_open, hearing_list, meeting_convene, vote_cast
from risk.reviews.models import ReviewCase
from risk.reviews.tests.factories import decide, declare, make_client, make_project, submit

NAMES = ("高伯年", "沈知衡", "罗景行", "谢南乔", "陶行简", "袁清和", "崔广平")
OPINION = "项目现金流可覆盖本息，资本金落实，同意。"
REASON = "测算电价偏高，偿债备付率在悲观情形下低于一倍，且资本金到位证明不足，不同意。"
LARGE: dict[str, Any] = {
    "amount": Decimal("300000000.00"),
    "term_months": 180,
    "total_investment": Decimal("420000000.00"),
    "capital": Decimal("120000000.00"),
    "term_reason": "特许经营期二十五年，现金流按十五年测算方能覆盖本息。",
}


def make_committee(count: int = 7) -> list[Person]:
    """So many members in office, by the order of `NAMES`; the first is the cast's."""
    found = []
    for name in NAMES[:count]:
        there = Person.objects.filter(name=name).first()
        found.append(there or make_person(name, Role.COMMITTEE_MEMBER, place="0030"))
    return found


def case_at_committee(**facts: Any) -> ReviewCase:
    """A large deal that has passed the initial review and the re-check."""
    client = make_client(cast_member("owner"))
    case = submit(make_project(client, **{**LARGE, **facts}))
    for part in ("initial_reviewer", "recheck_reviewer"):
        decide(case, cast_member(part))
    return case


def convene(secretary: Person | None = None) -> Meeting:
    return meeting_convene(
        held_on=clock.today(), place="总部三楼会议室", by=secretary or cast_member("committee_secretary")
    )


def put_on_agenda(case: ReviewCase, meeting: Meeting | None = None) -> AgendaItem:
    meeting = meeting or convene()
    meeting.refresh_from_db()
    return hearing_list(meeting=meeting, case=case, expected_version=meeting.version, by=meeting.secretary)


def open_ballot(
    case: ReviewCase, members: list[Person], *, recused: int = 0, absent: int = 0, **more: Any
) -> AgendaItem:
    """Members declare, the last of them recuse, some before those stay away; the ballot is open."""
    item = more.pop("item", None) or put_on_agenda(case)
    present = members[: len(members) - recused - absent]
    for member in present:
        declare(case, member)
    for member in members[len(members) - recused :]:
        declare(case, member, conflict=True)
    given: dict[str, Any] = {"present": present, "chair": present[0], "by": cast_member("committee_secretary"), **more}
    item.refresh_from_db()
    return ballot_open(item=item, expected_version=item.version, **given)


def vote(item: AgendaItem, member: Person, kind: str = "for", *lines: str) -> Any:
    if kind in ("for_with_condition", "reconsider") and not lines:
        lines = ("首次提款前资本金先行到位",) if kind == "for_with_condition" else ("补充电价敏感性测算",)
    return vote_cast(item=item, kind=kind, opinion=REASON if kind == "against" else OPINION, lines=lines, by=member)


def vote_all(item: AgendaItem, members: list[Person], *kinds: str) -> AgendaItem:
    """One vote of each member, in their order."""
    for member, kind in zip(members, kinds, strict=True):
        vote(item, member, kind)
    item.refresh_from_db()
    return item
