"""Periods of a series, the day of its meeting in each, and the days on which a missing one alarms (rules 9.2).

Pure functions; the working calendar is handed in.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from crm.kernel.workdays.rules.calendar import WorkCalendar, add_workdays, reach

WEEKLY, QUARTERLY, HALF_YEARLY, YEARLY = "weekly", "quarterly", "half_yearly", "yearly"
# Months of a period; a week has none.
MONTHS = {QUARTERLY: 3, HALF_YEARLY: 6, YEARLY: 12}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """One week, quarter, half-year or year, from Monday or the first of a month; both days included."""

    first_on: date
    last_on: date


@dataclass(frozen=True)
class Alarms:
    """From which days a period without its meeting is amber (None: never) and red."""

    amber_on: date | None
    red_on: date


def find_period(kind: str, day: date) -> Period:
    """The period that `day` lies in."""
    if kind == WEEKLY:
        first = day - timedelta(days=day.weekday())
        return Period(first, first + timedelta(days=6))
    months = MONTHS[kind]
    month = (day.month - 1) // months * months + 1
    year, next_month = (day.year, month + months) if month + months <= 12 else (day.year + 1, 1)
    return Period(date(day.year, month, 1), date(year, next_month, 1) - ONE_DAY)


def next_period(kind: str, period: Period) -> Period:
    """The period after this one."""
    return find_period(kind, period.last_on + ONE_DAY)


def wanted_day(kind: str, period: Period, *, weekday: int | None, meet_day: int | None) -> date:
    """The day the meeting is meant for: a weekday (1 Monday … 7 Sunday) of a week, else the `meet_day`-th day."""
    place = (weekday or 1) if kind == WEEKLY else (meet_day or 1)
    return min(period.first_on + timedelta(days=place - 1), period.last_on)


def meeting_day(period: Period, wanted: date, *, earliest: date, calendar: WorkCalendar) -> date | None:
    """The wanted day if it is worked; else the next working day of the period, else the last one before.

    Never before `earliest`. None where no working day is left: a week that is a holiday has no meeting.
    """
    first = max(period.first_on, earliest)
    days = [first + timedelta(days=step) for step in range((period.last_on - first).days + 1)]
    worked = [day for day in days if calendar.day(day).is_workday]
    after = [day for day in worked if day >= wanted]
    return after[0] if after else (worked[-1] if worked else None)


def alarm_days(kind: str, period: Period, *, amber_day: int | None, calendar: WorkCalendar) -> Alarms:
    """A week alarms on the first working day after it; a longer period is amber from its `amber_day`-th day and red
    from its last.
    """
    if kind == WEEKLY:
        return Alarms(None, add_workdays(period.last_on, 1, calendar).date)
    amber = period.first_on + timedelta(days=amber_day - 1) if amber_day else None
    return Alarms(amber if amber and amber < period.last_on else None, period.last_on)


def horizon(kind: str, day: date) -> date:
    """Up to when the calendar is needed to lay out the period of a day and the one after it."""
    return next_period(kind, find_period(kind, day)).last_on + timedelta(days=reach(1))
