"""Working hours: the moment so many of them later, and how many minutes of them lie between two moments. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from crm.kernel.workdays.clock import SHANGHAI
from crm.kernel.workdays.rules.calendar import ONE_DAY, WorkCalendar

# Calendar days that surely hold the hours of one answer, the longest break included.
REACH = timedelta(days=60)


@dataclass(frozen=True)
class OfficeHours:
    """When requests are worked on, on working days, Shanghai time."""

    opens: time
    closes: time

    @classmethod
    def of(cls, value: dict[str, Any]) -> "OfficeHours":
        """From the parameter's value: `opens` and `closes` as "09:00"."""
        return cls(time.fromisoformat(value["opens"]), time.fromisoformat(value["closes"]))

    def span(self, day: date) -> tuple[datetime, datetime]:
        """The beginning and the end of a working day."""
        return datetime.combine(day, self.opens, SHANGHAI), datetime.combine(day, self.closes, SHANGHAI)


def add_hours(moment: datetime, hours: int, office: OfficeHours, calendar: WorkCalendar) -> datetime:
    """The moment `hours` of working time after `moment`; time outside the office hours does not count."""
    left, at = timedelta(hours=hours), moment.astimezone(SHANGHAI)
    day = at.date()
    while True:
        opens, closes = office.span(day)
        if calendar.day(day).is_workday and at < closes:
            begun = max(at, opens)
            if left <= closes - begun:
                return begun + left
            left -= closes - begun
        day += ONE_DAY


def minutes_between(start: datetime, end: datetime, office: OfficeHours, calendar: WorkCalendar) -> int:
    """Whole minutes of working time from `start` to `end`; 0 when `end` lies before."""
    start, end = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
    total, day = timedelta(), start.date()
    while day <= end.date():
        opens, closes = office.span(day)
        if calendar.day(day).is_workday:
            total += max(timedelta(), min(end, closes) - max(start, opens))
        day += ONE_DAY
    return int(total.total_seconds() // 60)
