"""Reads of the working calendar: each costs one range query at most, so no figure can be stale."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from django.db.models import DateField, Func, IntegerField, Value

from crm.kernel.workdays.models import CalendarDay
from crm.kernel.workdays.rules.calendar import FIXED_STATUTORY, Day, WorkCalendar

EMPTY = WorkCalendar()

_assumed: ContextVar[Mapping[date, Day] | None] = ContextVar("calendar_assumed", default=None)


def calendar_between(start: date, end: date) -> WorkCalendar:
    """The calendar from `start` to `end`, both included. One query; lists read it once and hand it on."""
    rows = CalendarDay.objects.filter(date__range=(start, end)).values_list("date", "is_workday", "status")
    days = {day: Day(worked, status == CalendarDay.Status.PROVISIONAL) for day, worked, status in rows}
    assumed = _assumed.get() or {}
    return WorkCalendar(days | {day: known for day, known in assumed.items() if start <= day <= end})


@contextmanager
def assume(days: Mapping[date, Day]) -> Iterator[None]:
    """Read the calendar as if `days` stood in it already: for the preview of a notice, which writes nothing."""
    token = _assumed.set(days)
    try:
        yield
    finally:
        _assumed.reset(token)


def is_workday(day: date, *, calendar: WorkCalendar | None = None) -> bool:
    """Whether `day` is worked. One query unless a calendar is handed in."""
    return (calendar or calendar_between(day, day)).day(day).is_workday


_DAYS_OFF = ", ".join(f"'{month:02}{day:02}'" for month, day in sorted(FIXED_STATUTORY))


class WorkdaysBetween(Func):
    """In a query of rows with a day: working days from `today` until then, as `services.workdays_between` counts them.

    For a short list that would otherwise read the calendar for its few rows; NULL where there is no day.
    """

    output_field = IntegerField()
    past = "-n"
    template = (
        "(SELECT CASE WHEN due >= today THEN n ELSE %(past)s END FROM (SELECT %(expressions)s) AS w(due, today), "  # noqa: S608
        "LATERAL (SELECT count(*) AS n FROM generate_series(least(due, today) + 1, greatest(due, today), '1 day') d "
        "LEFT JOIN kernel_calendarday c ON c.date = d::date WHERE coalesce(c.is_workday, "
        f"extract(isodow FROM d) < 6 AND to_char(d, 'MMDD') NOT IN ({_DAYS_OFF}))) AS counted)"
    )

    def __init__(self, due: Any, today: date) -> None:
        super().__init__(due, Value(today, DateField()), past=self.past)


class WorkdaysLeft(WorkdaysBetween):
    """The same as `services.workdays_left` counts them: past is late, even when only days off have passed since."""

    past = "-greatest(n, 1)"
