"""Whose move it is changes without anybody acting on the case: a role is granted or ends, a person leaves, a declared
conflict grows old. This brings deal, grants and alarm up to date; and the due day, once the official calendar is there.
"""

import logging
from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet

from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.declarations.deadlines import Shift
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Account, Person
from crm.kernel.workdays import clock
from projects.deals.models import ProjectGrant
from risk.reviews import parameter_codes as codes
from risk.reviews.models import CaseStatus, ReviewCase, ReviewRound, ReviewSeat
from risk.reviews.selectors import eligibility
from risk.reviews.services import reminders
from risk.reviews.services.locks import Held, lock_project
from risk.reviews.services.moves import list_voices, move_case, name_grant_source, set_due_day, set_sight, show_waiting

logger = logging.getLogger(__name__)


def waiting_refresh(*, by: Viewer) -> int:
    """Compare every open case with who may decide it now; answer how many had changed. Idempotent.

    A case that nobody can decide any more alarms (`review.nobody_eligible`), each time that it comes to that.
    """
    months = eligibility.read_lookback_months()
    changed = _parted(months)
    for pk in changed:
        try:
            _refresh(pk, months=months, by=by)
        except Exception:
            logger.exception("review case %s could not be refreshed", pk)
    return len(changed)


def _parted(months: int) -> list[int]:
    """Open cases where those who may decide are not those who are named, or not those who can see the deal."""
    rows = ReviewCase.objects.filter(status=CaseStatus.OPEN).select_related("project")
    cases = list(rows.annotate(waiting=eligibility.select_waiting_people(months)))
    seeing: dict[tuple[int, str], set[int]] = {}
    grants = ProjectGrant.objects.filter(source__in=[name_grant_source(case) for case in cases], user__is_active=True)
    for project, source, person in grants.values_list("content_object_id", "source", "user__person_id"):
        seeing.setdefault((project, source), set()).add(person)
    voices: dict[int, set[int]] = {}
    for case_id, person in list_voices(ReviewSeat.objects.filter(case__in=cases)):
        voices.setdefault(case_id, set()).add(person)
    able = {case.pk: {row["id"] for row in case.waiting} | voices.get(case.pk, set()) for case in cases}
    everybody = set().union(*able.values())
    have_account = set(
        Account.objects.filter(person_id__in=everybody, is_active=True).values_list("person_id", flat=True)
    )
    return [
        case.pk
        for case in cases
        if [row["name"] for row in case.waiting] != case.waiting_for
        or able[case.pk] & have_account != seeing.get((case.project_id, name_grant_source(case)), set())
    ]


@transaction.atomic
def _refresh(pk: int, *, months: int, by: Viewer) -> None:
    """One case, under its locks. A case that was decided meanwhile is left alone."""
    project = lock_project(ReviewCase.objects.values_list("project_id", flat=True).get(pk=pk))
    case = ReviewCase.objects.select_for_update(of=("self",)).get(pk=pk)
    if not case.is_open:
        return
    case.project = project
    seats = {seat.person_id: seat for seat in ReviewSeat.objects.select_for_update(of=("self",)).filter(case=case)}
    held = Held(case, seats, ReviewRound.objects.get(case=case, number=case.round))
    people = eligibility.list_eligible_people(case, months=months)
    _tell_deal(case, people, by=by)
    set_sight(held, people, by=by)


def _tell_deal(case: ReviewCase, people: list[Person], *, by: Viewer) -> None:
    """Tell the deal whom the case waits for by now; alarm where nobody is left of those it waited for."""
    waited_for = list(case.waiting_for)
    show_waiting(case, case.project, people, by=by)
    if waited_for and not people:
        reminders.alarm_nobody(case, by=by)


def dates_refresh(*, by: Viewer, corrected: bool = False) -> int:
    """Work out provisional due days again once the official calendar has come (rules 10.5); how many cases changed.

    A day that has passed stays. Whoever the case waits for is told of another day. `corrected`: an official calendar
    was corrected, so due days that rest on one are worked out again too.
    """
    changed = 0
    for pk in _open_dated(corrected).values_list("pk", flat=True):
        try:
            changed += _redate(pk, corrected=corrected, by=by)
        except Exception:
            logger.exception("review case %s could not be dated again", pk)
    return changed


def dates_preview(corrected: bool) -> Iterator[Shift]:
    """What `dates_refresh` would move under the calendar in force for the caller; nothing is written."""
    for case in _open_dated(corrected):
        former = case.due_on
        _date_anew(case)
        if former is not None and case.due_on is not None and case.due_on != former:
            yield Shift(case.number, former, case.due_on)


def _open_dated(corrected: bool) -> QuerySet[ReviewCase]:
    """Open cases due today or later, by a day of no official calendar unless one was corrected."""
    rows = ReviewCase.objects.filter(status=CaseStatus.OPEN, due_on__gte=clock.today()).order_by("pk")
    return rows if corrected else rows.filter(due_provisional=True)


def _date_anew(case: ReviewCase) -> None:
    """Set the due day, counted from the day the case came to its stage by the rule of that day; nothing is saved."""
    since = case.stage_since.astimezone(clock.SHANGHAI).date()
    set_due_day(case, parameters.values(codes.LIMITS, on=since), since=since)
    # Nobody is late by a day that was another one when it passed.
    case.due_on = max(case.due_on or clock.today(), clock.today())


@transaction.atomic
def _redate(pk: int, *, corrected: bool, by: Viewer) -> bool:
    """One case, under its locks."""
    project = lock_project(ReviewCase.objects.values_list("project_id", flat=True).get(pk=pk))
    case = ReviewCase.objects.select_for_update(of=("self",)).get(pk=pk)
    former, was_provisional = case.due_on, case.due_provisional
    if not case.is_open or former is None or former < clock.today() or not (was_provisional or corrected):
        return False
    case.project = project
    _date_anew(case)
    if case.due_provisional == was_provisional and case.due_on == former:
        return False
    move_case(case, "due_on", "due_provisional")
    record("review.redated", subject=case, by=by, before={"due_on": former}, after={"due_on": case.due_on})
    reminders.schedule_clock(case)
    if case.due_on == former:
        return True
    people = eligibility.list_eligible_people(case)
    _tell_deal(case, people, by=by)
    for person in people:
        reminders.tell_person(case, person, "review.redated", due_at=clock.now(), by=by)
    return True
