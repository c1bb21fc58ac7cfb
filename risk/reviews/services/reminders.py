"""A case on the clock: who may decide is reminded before and at the due day, whoever stands above hears after it.

Items carry the case, a moment, and the stage and due day it was worked out for. When one is due it looks at the case as
it is then: of a case that has moved on the old moments say nothing any more. A rule or calendar that changed meanwhile
moves no moment and silences none.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.notify.services import notify
from crm.kernel.outbox.services import Due, schedule_many
from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.selectors import ParameterValue
from crm.kernel.people.models import Person
from crm.kernel.people.selectors import superior_of
from crm.kernel.workdays import clock
from crm.kernel.workdays.rules.calendar import WorkCalendar, reach
from crm.kernel.worklist.rules.moments import Moments
from crm.kernel.worklist.selectors import RULE, due_moments
from risk.reviews import parameter_codes as codes
from risk.reviews.models import ReviewCase
from risk.reviews.selectors import eligibility

REMIND, ESCALATE = "review.remind", "review.escalate"
Rules = Mapping[str, ParameterValue]
# Days that a calendar must reach beyond a due day for its reminders; where the rules ask for more it is read anew.
SPAN = 40


def schedule_clock(case: ReviewCase, *, rules: Rules | None = None, calendar: WorkCalendar | None = None) -> None:
    """Let the present stage remind and escalate at its moments; what lies behind is left out.

    Two statements, one more where the act has not read `rules` (codes.CLOCK) already.
    """
    if case.due_on is None:
        return
    moments, stage = _moments(case, rules, calendar), _stage(case)
    rows = [Due(REMIND, case, moment, data=stage) for moment in moments.remind if moment > case.stage_since]
    schedule_many([*rows, Due(ESCALATE, case, moments.escalate, data=stage)])


def remind(case: ReviewCase, *, about: Mapping[str, Any], due_at: datetime, by: Viewer) -> int:
    """Tell everybody who may decide `case` now; how many. Nobody if it was about another stage than the present one."""
    if not case.is_open or _of_another_stage(case, about):
        return 0
    people = eligibility.list_eligible_people(case)
    for person in people:
        tell_person(case, person, "review.reminder", due_at=due_at, by=by)
    return len(people)


def escalate(case: ReviewCase, *, about: Mapping[str, Any], due_at: datetime, by: Viewer) -> list[Person]:
    """Tell the heads above those who may decide that the stage is late; where nobody may, the deal's own head."""
    if not case.is_open or _of_another_stage(case, about):
        return []
    people = eligibility.list_eligible_people(case)
    heads = {head.pk: head for person in people if (head := superior_of(person))}
    if not heads and (head := superior_of(case.project.client.owner)):
        heads = {head.pk: head}
    for head in heads.values():
        tell_person(case, head, "review.late", due_at=due_at, is_escalation=True, by=by)
    record("review.escalated_late", subject=case, by=by, data={"stage": case.stage, "to": sorted(heads)})
    return list(heads.values())


def alarm_nobody(case: ReviewCase, *, by: Viewer) -> None:
    """Record that nobody can decide the case and tell those who can see to it: who submitted it, and their head."""
    data = {"stage": case.stage, "round": case.round, "required_level": case.required_level}
    record("review.nobody_eligible", subject=case, by=by, data=data)
    people = {case.submitted_by_id: case.submitted_by}
    if head := superior_of(case.project.client.owner):
        people[head.pk] = head
    for person in people.values():
        tell_person(case, person, "review.nobody", due_at=clock.now(), is_escalation=True, by=by)


def tell_person(
    case: ReviewCase, person: Person, kind: str, *, due_at: datetime, by: Viewer, is_escalation: bool = False
) -> None:
    """One notice about the case. It names the case by its number: not every head may see the client."""
    sees = ReviewCase.objects.visible_to(person).filter(pk=case.pk).exists()
    notify(
        recipient=person,
        kind=kind,
        subject=case,
        url=case.get_absolute_url() if sees else reverse("notify:notice_list"),
        data={"number": case.number, "stage": case.stage, "due_on": case.due_on, "by": by.name},
        due_at=due_at,
        is_escalation=is_escalation,
        by=by,
    )


def _of_another_stage(case: ReviewCase, about: Mapping[str, Any]) -> bool:
    """Whether the case has moved on since. An item from before items said what they are about is taken as meant."""
    return bool(about) and about != _stage(case)


def _stage(case: ReviewCase) -> dict[str, Any]:
    """What a moment is about, as an item keeps it."""
    return {"stage": case.stage, "round": case.round, "due_on": case.due_on.isoformat() if case.due_on else None}


def _moments(case: ReviewCase, rules: Rules | None, calendar: WorkCalendar | None) -> Moments:
    """Of the present stage; asked only where a clock runs."""
    assert case.due_on is not None
    known = rules or parameters.values(codes.CLOCK)
    before, rule = int(known[codes.REMIND_BEFORE].value), known[RULE].value
    if reach(max(before, rule["escalate_workdays"])) > SPAN:
        calendar = None
    return due_moments([case.due_on], before=before, rule=rule, calendar=calendar)[case.due_on]
