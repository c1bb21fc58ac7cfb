"""When somebody is reminded of a due day, and when it is told upward. Pure; moments are Shanghai's."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from crm.kernel.workdays.rules.calendar import WorkCalendar, add_workdays


@dataclass(frozen=True)
class Moments:
    """`remind`: before and at the due day; `escalate`: after it."""

    remind: tuple[datetime, ...]
    escalate: datetime


def workday_before(day: date, count: int, calendar: WorkCalendar) -> date:
    """The `count`-th working day before `day`; zero gives `day` itself."""
    while count:
        day -= timedelta(days=1)
        count -= calendar.day(day).is_workday
    return day


def moments_of(
    due_on: date, *, before: int, at: time, escalate_after: int, calendar: WorkCalendar, zone: tzinfo
) -> Moments:
    """Reminders `before` working days ahead and on the day itself, escalation so many working days after it."""
    days = sorted({workday_before(due_on, before, calendar), due_on})
    late = add_workdays(due_on, escalate_after, calendar).date
    return Moments(
        tuple(datetime.combine(day, at, zone) for day in days),
        datetime.combine(late, at, zone),
    )
