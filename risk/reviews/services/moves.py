"""What moves a case and who hears of it: seats, due day, state, the project's own view of it, and who may see it.

`move_case` is the only place that writes a case's status, stage, round or step.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.file.models import ClientGrant
from crm.kernel.access.errors import Conflict
from crm.kernel.access.grants import set_grants
from crm.kernel.access.policies import Viewer
from crm.kernel.parameters.selectors import ParameterValue
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.rules.calendar import WorkCalendar, reach
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.workdays.services import add_workdays
from projects.deals.models import Project, ProjectGrant
from risk.reviews import parameter_codes as codes
from risk.reviews.models import CLOSED, ReviewCase, ReviewSeat, SeatStage
from risk.reviews.selectors import eligibility
from risk.reviews.selectors.eligibility import holds_deciding_role
from risk.reviews.services import reminders
from risk.reviews.services.locks import Held
from risk.reviews.subjects import subject_of
from risk.reviews.workflow import limit_of


def give_seat(held: Held, person: Person, stage: str, *, declared_at: datetime | None) -> ReviewSeat:
    """Give `person` the seat of `stage`; the present one if it is that. Conflict when they sit elsewhere."""
    present = held.seats.get(person.pk)
    if present is not None:
        if present.stage != stage:
            raise Conflict(_("You already hold another seat in this case."), code="seated_elsewhere")
        if present.declared_at is None and declared_at is not None:
            present.declared_at = declared_at
            present.save(update_fields=["declared_at"])
        return present
    given = ReviewSeat.objects.create(case=held.case, person=person, stage=stage, declared_at=declared_at)
    held.seats[person.pk] = given
    return given


def set_due_day(case: ReviewCase, limits: Mapping[str, ParameterValue], *, since: date | None = None) -> WorkCalendar:
    """Set the day until which the present stage must decide, counted from today unless told (rules 1.2).

    `limits` holds `codes.LIMITS`; an urgent round has the shorter ones.

    Answers the calendar it was counted by, wide enough for the reminders around that day.
    """
    table = limits[codes.URGENT_SLA if case.urgent_reason else codes.SLA].value
    first, count = since or clock.today(), limit_of(table, case.stage)
    around = timedelta(days=reach(count) + reminders.SPAN)
    calendar = calendar_between(first - around, first + around)
    deadline = add_workdays(first, count, calendar=calendar)
    case.due_on, case.due_provisional = deadline.date, deadline.provisional
    return calendar


def move_case(case: ReviewCase, *fields: str, **changes: Any) -> None:
    """Write the case's new state and count its version up."""
    for name, value in changes.items():
        setattr(case, name, value)
    case.version += 1
    case.save(update_fields=[*dict.fromkeys([*changes, *fields]), "version"])


def show_waiting(case: ReviewCase, project: Project, people: list[Person], *, by: Viewer) -> None:
    """Keep whom the case waits for, and let the subject show it. `project` is locked."""
    case.waiting_for = [person.name for person in people]
    case.save(update_fields=["waiting_for"])
    subject_of(case).show_progress(project, case, by=by)


def await_next(
    held: Held,
    *,
    months: int,
    rules: reminders.Rules | None = None,
    calendar: WorkCalendar | None = None,
    by: Viewer,
) -> list[Person]:
    """Tell the deal whose move it is and let exactly those people (and who has decided) see deal and client.

    The stage's clock is set: reminders and escalation at their moments. An empty set alarms: `review.nobody_eligible`
    is recorded, who can see to it is told, the case and 我的一天 show it.
    """
    case = held.case
    people = eligibility.list_eligible_people(case, months=months)
    show_waiting(case, held.project, people, by=by)
    set_sight(held, people, by=by)
    reminders.schedule_clock(case, rules=rules, calendar=calendar)
    if not people:
        reminders.alarm_nobody(case, by=by)
    return people


def name_grant_source(case: ReviewCase) -> str:
    """The source under which a case's grants on deal and client are kept."""
    return f"review:{case.number}"


def list_voices(seats: QuerySet[ReviewSeat]) -> QuerySet[ReviewSeat, tuple[int, int]]:
    """(case, person) of deciders who declared no conflict, did not recuse and still hold a deciding role."""
    rows = seats.exclude(stage=SeatStage.MAKER).filter(recused_at__isnull=True, declared_at__isnull=False)
    return rows.filter(holds_deciding_role()).values_list("case_id", "person_id")


def set_sight(held: Held, people: list[Person], *, by: Viewer) -> None:
    """Reviewers' grants: `people` and the seated deciders with a voice, nobody else.

    On the deal they stay for who signed; on the client they end with the case (rules 7.3).
    """
    seated = held.find_voices()
    if seated is None:
        seated = {person for _case, person in list_voices(ReviewSeat.objects.filter(case=held.case))}
    wanted = seated | {person.pk for person in people}
    reason = _("Reviews %(case)s") % {"case": held.case.number}
    source = name_grant_source(held.case)
    on_client = set() if held.case.status in CLOSED else wanted
    for model, obj, who in ((ProjectGrant, held.project, wanted), (ClientGrant, held.project.client, on_client)):
        set_grants(model, obj, action="view", person_ids=who, source=source, reason=reason, by=by)
