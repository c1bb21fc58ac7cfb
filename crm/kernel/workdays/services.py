"""Deadlines in working days, and the filling of the calendar."""

from datetime import date, timedelta

import chinese_calendar
from chinese_calendar import constants

from crm.kernel.workdays.models import CalendarDay
from crm.kernel.workdays.rules import calendar as rules
from crm.kernel.workdays.rules.calendar import Deadline, WorkCalendar
from crm.kernel.workdays.selectors import calendar_between, is_workday

__all__ = ["Deadline", "add_workdays", "calendar_load", "is_workday", "workdays_between", "workdays_left"]

LIBRARY = "chinesecalendar"


def add_workdays(day: date, count: int, *, calendar: WorkCalendar | None = None) -> Deadline:
    """The `count`-th working day after `day`, the start day not counted (rules 10.5). One query at most."""
    if calendar is None:
        calendar = calendar_between(day, day + timedelta(days=rules.reach(count)))
    return rules.add_workdays(day, count, calendar)


def workdays_between(start: date, end: date, *, calendar: WorkCalendar | None = None) -> int:
    """Working days after `start` up to and with `end`; negative when `end` lies before. One query at most."""
    if calendar is None:
        calendar = calendar_between(min(start, end), max(start, end))
    return rules.workdays_between(start, end, calendar)


def workdays_left(today: date, due: date, *, calendar: WorkCalendar | None = None) -> int:
    """Working days until `due` as every face shows them. Past is late, even when only days off have passed since."""
    left = workdays_between(today, due, calendar=calendar)
    return -1 if left == 0 and due < today else left


def calendar_load() -> int:
    """Write the library's official years into the table; return the number of rows written.

    Rows that people brought in (another source) stay as they are. A day the library
    no longer vouches for is left too: a deadline once shown must stay explainable.
    """
    wanted = {row.date: row for row in _library_days()}
    known = {row.date: row for row in CalendarDay.objects.filter(source__startswith=LIBRARY)}
    foreign = set(
        CalendarDay.objects.exclude(source__startswith=LIBRARY)
        .exclude(status=CalendarDay.Status.PROVISIONAL)
        .values_list("date", flat=True)
    )
    changed = [row for day, row in wanted.items() if day not in foreign and not _same(known.get(day), row)]
    CalendarDay.objects.bulk_create(
        changed,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["is_workday", "name", "source", "status"],
    )
    return len(changed)


def _same(known: CalendarDay | None, wanted: CalendarDay) -> bool:
    return known is not None and (known.is_workday, known.name, known.status) == (
        wanted.is_workday,
        wanted.name,
        wanted.status,
    )


def _library_days() -> list[CalendarDay]:
    """One row per day of every year the library covers whole."""
    first, last = min(constants.holidays).year, max(constants.holidays).year
    day, rows = date(first, 1, 1), []
    while day.year <= last:
        holiday = constants.holidays.get(day) or constants.workdays.get(day) or ""
        rows.append(
            CalendarDay(
                date=day,
                is_workday=chinese_calendar.is_workday(day),
                name=_chinese_name(holiday),
                source=LIBRARY,
                status=CalendarDay.Status.OFFICIAL,
            )
        )
        day += timedelta(days=1)
    return rows


def _chinese_name(holiday: str) -> str:
    """The library names a holiday in English; the table shows the Chinese word."""
    return next((item.chinese for item in constants.Holiday if item.value == holiday), "")
