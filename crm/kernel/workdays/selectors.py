"""Reads of the working calendar: each costs one range query at most, so no figure can be stale."""

from datetime import date

from crm.kernel.workdays.models import CalendarDay
from crm.kernel.workdays.rules.calendar import Day, WorkCalendar

EMPTY = WorkCalendar()


def calendar_between(start: date, end: date) -> WorkCalendar:
    """The calendar from `start` to `end`, both included. One query; lists read it once and hand it on."""
    rows = CalendarDay.objects.filter(date__range=(start, end)).values_list("date", "is_workday", "status")
    return WorkCalendar({day: Day(worked, status == CalendarDay.Status.PROVISIONAL) for day, worked, status in rows})


def is_workday(day: date, *, calendar: WorkCalendar | None = None) -> bool:
    """Whether `day` is worked. One query unless a calendar is handed in."""
    return (calendar or calendar_between(day, day)).day(day).is_workday
