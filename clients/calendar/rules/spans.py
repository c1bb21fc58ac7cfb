"""Days that a calendar shows, and times that overlap. No database."""

from calendar import monthrange
from collections.abc import Hashable, Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar

from clients.relations.rules.timing import USUAL

Key = TypeVar("Key", bound=Hashable)
MONTH, WEEK, AGENDA = "month", "week", "agenda"
VIEWS = (MONTH, WEEK, AGENDA)
AGENDA_DAYS = 14
# A calendar shows no day further away than this.
FURTHEST = timedelta(days=3_660)


def find_span(view: str, day: date) -> tuple[date, date]:
    """First and last day that a view around `day` shows: whole weeks from Monday; an agenda begins on the day."""
    if view == AGENDA:
        return day, day + timedelta(days=AGENDA_DAYS - 1)
    first = day if view == WEEK else day.replace(day=1)
    last = day if view == WEEK else end_of_month(day)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def end_of_month(day: date) -> date:
    """The last day of the day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def step(view: str, day: date, *, is_next: bool) -> date:
    """The day that the view before or after shows: the first of a month, the same weekday, the next two weeks."""
    if view == MONTH:
        before = day.replace(day=1) - timedelta(days=1)
        return end_of_month(day) + timedelta(days=1) if is_next else before.replace(day=1)
    days = timedelta(days=7 if view == WEEK else AGENDA_DAYS)
    return day + days if is_next else day - days


def find_overlaps(times: Iterable[tuple[Key, datetime, datetime | None]]) -> set[Key]:
    """Keys of all that take place at the same time as another; one that begins when another ends does not."""
    rows = sorted(((start, end or start + USUAL, key) for key, start, end in times), key=lambda row: row[:2])
    found: set[Key] = set()
    latest: tuple[datetime, Key] | None = None
    for start, end, key in rows:
        if latest is not None and start < latest[0]:
            found |= {key, latest[1]}
        if latest is None or end > latest[0]:
            latest = end, key
    return found
