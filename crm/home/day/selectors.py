"""My day put in order: overdue first, then today, then what comes; and what became of one's own submissions."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.policies import own
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import NOBODY
from crm.kernel.declarations.day import COUNTED, MOST, Line, list_sources
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.kernel.workdays.rules.calendar import WorkCalendar
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.workdays.services import workdays_left
from crm.kernel.worklist.selectors import todo_counts
from risk.reviews.models import CaseStatus, ReviewCase

SHOWN = 6
FILES_DEALS = frozenset({Role.ACCOUNT_MANAGER, Role.MARKETING_DEVELOPER})


@dataclass(frozen=True)
class Row:
    """A line with its working days left (None: no clock runs)."""

    line: Line
    left: int | None


@dataclass(frozen=True)
class Band:
    """Rows of one urgency; `more`: to-dos that stand on their own list only."""

    key: str
    title: Text
    tone: str
    icon: str
    rows: list[Row]
    more: int = 0

    @property
    def count(self) -> int:
        return len(self.rows) + self.more

    @property
    def is_late(self) -> bool:
        return self.key == "late"


@dataclass(frozen=True)
class Day:
    """One person's day."""

    bands: list[Band]
    submitted: list[tuple[ReviewCase, int | None]]
    ended: list[ReviewCase]
    submits: bool = False

    @property
    def has_own(self) -> bool:
        """Whether the person files deals: who only decides them has no such column."""
        return self.submits or bool(self.submitted or self.ended)

    def count(self, key: str = "") -> int:
        """What waits of one band, or of all."""
        return sum(band.count for band in self.bands if key in ("", band.key))

    @property
    def late(self) -> int:
        return self.count("late")

    @property
    def today(self) -> int:
        return self.count("today")

    @property
    def all(self) -> int:
        return self.count()


BANDS: tuple[tuple[str, Text, str, str], ...] = (
    ("late", _("Overdue"), "bad", "clock-exclamation"),
    ("today", _("Due today"), "warn", "clock"),
    ("soon", _("This week and next"), "", "calendar-event"),
    ("later", _("Later, or without a date"), "", "calendar"),
)


def my_day(*, person: Person) -> Day:
    """Everything that waits for `person`; a fixed number of queries, one more where to-dos are past counting."""
    today = clock.today()
    found = [line for source in list_sources() for line in source(person)]
    lines, beside = [line for line in found if not line.is_beside], [line for line in found if line.is_beside]
    open_cases, ended = _own_cases(person)
    days = [today, *(line.due for line in lines if line.due), *(case.due_on for case in open_cases if case.due_on)]
    calendar = calendar_between(min(days), max(days)) if len(days) > 1 else WorkCalendar()
    rows = [Row(line, days_left(line.due, today, calendar)) for line in lines]
    rows.sort(key=lambda row: (row.line.due is None, row.line.due or today))
    placed: dict[str, list[Row]] = {}
    for row in rows:
        placed.setdefault(_band(row.line.due, today), []).append(row)
    more = _count_beside(person, beside, [line for line in lines if line.kind == "todo"], today)
    bands = [
        Band(key, title, tone, icon, placed.get(key, []), more[key])
        for key, title, tone, icon in BANDS
        if key in placed or more[key]
    ]
    return Day(
        bands=bands,
        submitted=[(case, days_left(case.due_on, today, calendar)) for case in open_cases],
        ended=ended,
        submits=not person.roles.isdisjoint(FILES_DEALS),
    )


def _count_beside(person: Person, beside: list[Line], shown: list[Line], today: date) -> Counter[str]:
    """How many to-dos of each band stand on their own list only; counted anew only where a share is full."""
    if len(beside) < COUNTED - MOST:
        return Counter(_band(line.due, today) for line in beside)
    counts = Counter(todo_counts(viewer=person, today=today, soon=_soon(today)))
    return counts - Counter(_band(line.due, today) for line in shown)


def days_left(due: date | None, today: date, calendar: WorkCalendar) -> int | None:
    """Working days until `due`, negative when it has passed; None without a due date."""
    return None if due is None else workdays_left(today, due, calendar=calendar)


def _band(due: date | None, today: date) -> str:
    if due is None:
        return "later"
    if due < today:
        return "late"
    if due == today:
        return "today"
    return "soon" if due <= _soon(today) else "later"


def _soon(today: date) -> date:
    """The Sunday of next week."""
    return today + timedelta(days=13 - today.weekday())


def _own_cases(person: Person) -> tuple[list[ReviewCase], list[ReviewCase]]:
    """Of the clients the person keeps: the open cases first due, and those last closed or returned. One query, none
    for who keeps no client.
    """
    kept = own(person, "project__client__")
    if kept == NOBODY:
        return [], []
    shown = ("number", "status", "stage", "stage_since", "due_on", "due_provisional")
    rows = ReviewCase.objects.filter(kept).select_related("project__client")
    rows = rows.only(*shown, "project__name", "project__waiting_for", "project__client__name")
    is_open = Q(status=CaseStatus.OPEN)
    parts = rows.filter(is_open).order_by("due_on", "id"), rows.exclude(is_open).order_by("-id")
    found = list(parts[0][:SHOWN].union(parts[1][:SHOWN], all=True))
    submitted = sorted((case for case in found if case.is_open), key=lambda case: (case.due_on or date.max, case.pk))
    return submitted, sorted((case for case in found if not case.is_open), key=lambda case: -case.pk)
