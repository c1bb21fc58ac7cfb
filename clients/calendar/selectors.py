"""What stands in the calendar of one person: four queries for however many days."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from django.db.models import Exists, OuterRef, Q, QuerySet

from clients.calendar.models import CalendarFeed
from clients.calendar.rules.spans import find_overlaps
from clients.relations.models import Interaction, Participant
from clients.relations.selectors import absences_between
from clients.relations.services.duties import PLANNED_TODO
from crm.kernel.people.models import Cover, Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.worklist.models import Todo

# More to-dos than anybody reads on one page are left to the list of to-dos.
MOST_TODOS = 300


@dataclass(frozen=True)
class Entry:
    """One line of a day: an interaction with its time, or a to-do that is due."""

    title: str
    url: str
    kind: str
    at: datetime | None = None
    client: str = ""
    is_held: bool = False
    is_late: bool = False
    overlaps: bool = False
    is_absent: bool = False


@dataclass
class DayOf:
    """One day: whether it is worked, who stands in while the person is away, its entries by time."""

    day: date
    is_workday: bool
    is_today: bool
    is_outside: bool = False
    absence: Cover | None = None
    entries: list[Entry] = field(default_factory=list)


def appointments_of(person: Person, first: date, last: date) -> QuerySet[Interaction]:
    """The interactions, planned and held, in which the person takes part between two days, both included."""
    start = datetime.combine(first, time(), clock.SHANGHAI)
    end = datetime.combine(last + timedelta(days=1), time(), clock.SHANGHAI)
    takes_part = Exists(Participant.objects.filter(interaction=OuterRef("pk"), person=person))
    rows: QuerySet[Interaction] = Interaction.objects.visible_to(person).filter(takes_part)
    begun = Q(starts_at__gte=start) | Q(ends_at__gt=start, starts_at__gt=start - timedelta(days=31))
    live = [Interaction.State.PLANNED, Interaction.State.HELD]
    return rows.filter(begun, starts_at__lt=end, state__in=live).select_related("client").order_by("starts_at", "id")


def days_of(*, person: Person, first: date, last: date, month: int | None = None) -> list[DayOf]:
    """Every day from `first` through `last` with what the person has to do; days outside of `month` are marked."""
    calendar, today = calendar_between(first, last), clock.today()
    days = {
        day: DayOf(day, calendar.day(day).is_workday, day == today, is_outside=month is not None and day.month != month)
        for day in (first + timedelta(days=number) for number in range((last - first).days + 1))
    }
    for cover in absences_between([person.pk], first, last):
        for day in days.values():
            if cover.starts_on <= day.day <= cover.ends_on:
                day.absence = cover
    _place_appointments(days, list(appointments_of(person, first, last)))
    due = Todo.objects.filter(owner=person, done_at__isnull=True, due_on__range=(first, last))
    for todo in due.exclude(kind=PLANNED_TODO).order_by("due_on", "id")[:MOST_TODOS]:
        days[todo.due_on].entries.append(Entry(todo.title, todo.url, "todo", is_late=todo.due_on < today))
    return list(days.values())


def _place_appointments(days: dict[date, DayOf], rows: Sequence[Interaction]) -> None:
    """Each interaction on every day it touches, the first with its time; those at one time are marked."""
    planned = [row for row in rows if row.state == Interaction.State.PLANNED]
    overlapping = find_overlaps((row.pk, row.starts_at, row.ends_at) for row in planned)
    by_day = defaultdict(list)
    for row in rows:
        starts_at = row.starts_at.astimezone(clock.SHANGHAI)
        # One that ends at midnight does not touch the next day.
        until = (row.ends_at.astimezone(clock.SHANGHAI) - timedelta(seconds=1)).date() if row.ends_at else None
        day, last = starts_at.date(), until or starts_at.date()
        while day <= last:
            by_day[day].append((row, starts_at if day == starts_at.date() else None))
            day += timedelta(days=1)
    for day, found in by_day.items():
        if day not in days:
            continue
        for row, at in found:
            is_held = row.state == Interaction.State.HELD
            days[day].entries.append(
                Entry(
                    row.title,
                    row.get_absolute_url(),
                    "interaction",
                    at=at,
                    client=row.client.name,
                    is_held=is_held,
                    overlaps=row.pk in overlapping,
                    is_absent=not is_held and days[day].absence is not None,
                )
            )


def digest_of(token: str) -> str:
    """What is kept of a feed's token."""
    return sha256(token.encode()).hexdigest()


def feed_of(token: str) -> CalendarFeed | None:
    """The living feed of a token, of somebody who may still sign in."""
    rows = CalendarFeed.objects.filter(digest=digest_of(token), revoked_at__isnull=True)
    feed = rows.select_related("person").first()
    if feed is None or not feed.person.is_active:
        return None
    return feed
