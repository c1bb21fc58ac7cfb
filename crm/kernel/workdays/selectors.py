"""Reads of the working calendar: each costs one range query at most, so no figure can be stale."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from crm.kernel.workdays.models import CalendarDay
from crm.kernel.workdays.rules.calendar import Day, WorkCalendar

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
