"""The institution's own, shorter times (rules 5.4): acknowledge, first contact, investigate, reply, escalate. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from crm.kernel.workdays.rules.calendar import ONE_DAY, WorkCalendar, add_workdays
from staff.complaints.rules.deadlines import BEIJING

# A calendar must reach this far beyond receipt for every internal time.
REACH = 60


@dataclass(frozen=True)
class OfficeHours:
    """When the institution works, on working days, Beijing time."""

    opens: time
    closes: time

    @classmethod
    def of(cls, value: dict[str, str]) -> "OfficeHours":
        """From the parameter's value, `{"opens": "09:00", "closes": "17:30"}`."""
        return cls(time.fromisoformat(value["opens"]), time.fromisoformat(value["closes"]))


@dataclass(frozen=True)
class Service:
    """Until when what ought to have happened, and when somebody higher is told."""

    acknowledge: datetime
    contact: date
    investigate: date
    reply: date
    escalate: tuple[datetime, ...]


def service_of(received_at: datetime, rule: dict[str, Any], hours: OfficeHours, calendar: WorkCalendar) -> Service:
    """The times of one complaint; `rule` is the class's part of parameter `complaint.service`."""
    local = received_at.astimezone(BEIJING)
    day = local.date()
    if "acknowledge_hours" in rule:
        acknowledge = _within_hours(local, rule["acknowledge_hours"], hours, calendar)
    else:
        acknowledge = _at(add_workdays(day, rule["acknowledge_workdays"], calendar).date, hours.closes)
    moments = [local + timedelta(hours=hour) for hour in rule["escalate_hours"]]
    moments += [_at(day + timedelta(days=count), hours.opens) for count in rule["escalate_days"]]
    return Service(
        acknowledge=acknowledge,
        contact=add_workdays(day, rule["contact_workdays"], calendar).date,
        investigate=add_workdays(day, rule["investigate_workdays"], calendar).date,
        reply=day + timedelta(days=rule["reply_days"]),
        escalate=tuple(sorted(moments)),
    )


def _within_hours(local: datetime, count: int, hours: OfficeHours, calendar: WorkCalendar) -> datetime:
    """`count` hours of working time later, at most until the end of the working day on which the time began."""
    day = local.date()
    begun = local
    if not calendar.day(day).is_workday or local.time() >= hours.closes:
        day += ONE_DAY
        while not calendar.day(day).is_workday:
            day += ONE_DAY
        begun = _at(day, hours.opens)
    begun = max(begun, _at(day, hours.opens))
    return min(begun + timedelta(hours=count), _at(day, hours.closes))


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, BEIJING)
