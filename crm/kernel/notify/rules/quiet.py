"""When a mail may go out: on working days outside of the quiet hours. Pure; times are Shanghai's."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

IsWorkday = Callable[[date], bool]


def clock_time(text: str) -> time:
    """`"08:30"` as a time of day."""
    return time.fromisoformat(text)


def next_allowed(moment: datetime, *, quiet_from: time, quiet_to: time, is_workday: IsWorkday) -> datetime:
    """`moment` itself if it lies between the end and the beginning of the quiet hours of a working day, else the next
    end of the quiet hours on a working day. `moment` is aware and local.
    """
    day, at = moment.date(), moment.time()
    evening = quiet_from > quiet_to and at >= quiet_from
    if is_workday(day) and quiet_to <= at and not evening:
        return moment
    if at >= quiet_to:
        day += timedelta(days=1)
    return datetime.combine(_first_workday(day, is_workday), quiet_to, moment.tzinfo)


def next_digest(moment: datetime, *, digest_at: time, is_workday: IsWorkday) -> datetime:
    """The next time of the digest after `moment`, on a working day."""
    day = moment.date() if moment.time() < digest_at else moment.date() + timedelta(days=1)
    return datetime.combine(_first_workday(day, is_workday), digest_at, moment.tzinfo)


def _first_workday(day: date, is_workday: IsWorkday) -> date:
    while not is_workday(day):
        day += timedelta(days=1)
    return day
