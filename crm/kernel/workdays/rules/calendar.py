"""Working-day arithmetic on a calendar that is handed in. No database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)

# Days off by the solar calendar in every year since 2025 (regulation on public holidays, [S19]).
# The lunar ones are known only from the yearly notice: that is why such years are provisional.
FIXED_STATUTORY = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True)
class Day:
    """What is known about one day."""

    is_workday: bool
    provisional: bool


@dataclass(frozen=True)
class Deadline:
    """A due date; provisional while a day on the way has no official calendar."""

    date: date
    provisional: bool


@dataclass(frozen=True)
class WorkCalendar:
    """Days somebody vouches for; every other day follows the weekday rule and is provisional."""

    days: Mapping[date, Day] = field(default_factory=dict)

    def day(self, day: date) -> Day:
        """What is known about `day`; never raises."""
        return self.days.get(day) or rule_of_thumb(day)


def rule_of_thumb(day: date) -> Day:
    """Monday to Friday is worked, save the fixed statutory days."""
    return Day(is_workday=day.weekday() < 5 and (day.month, day.day) not in FIXED_STATUTORY, provisional=True)


def add_workdays(day: date, count: int, calendar: WorkCalendar) -> Deadline:
    """The `count`-th working day after `day`; the start day is not counted.

    Zero gives `day` itself. A negative count is a mistake of the caller (ValueError).
    """
    if count < 0:
        raise ValueError("count of working days below zero")
    provisional = False
    while count:
        day += ONE_DAY
        known = calendar.day(day)
        provisional = provisional or known.provisional
        count -= known.is_workday
    return Deadline(day, provisional)


def workdays_between(start: date, end: date, calendar: WorkCalendar) -> int:
    """Working days after `start` up to and with `end`: the inverse of `add_workdays`; negative when `end` is before."""
    if end < start:
        return -workdays_between(end, start, calendar)
    span = (end - start).days
    return sum(calendar.day(start + timedelta(days=step)).is_workday for step in range(1, span + 1))


def reach(count: int) -> int:
    """Calendar days that surely hold `count` working days: a year has 248, the longest break nine days."""
    return count * 2 + 30
