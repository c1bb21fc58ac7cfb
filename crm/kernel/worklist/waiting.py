"""What waits for one person, from every source: overdue first, then today, then what comes.

My day and the full list are drawn from it, so they count alike.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.declarations.day import MOST, Line, list_sources
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.rules.calendar import WorkCalendar
from crm.kernel.workdays.selectors import calendar_between
from crm.kernel.workdays.services import workdays_left
from crm.kernel.worklist.selectors import todo_counts

# Of a band, my day shows so many; the full list shows all.
SHOWN = 50


@dataclass(frozen=True)
class Row:
    """A line with its working days left (None: no clock runs)."""

    line: Line
    left: int | None
    is_late: bool = False

    @property
    def is_filled(self) -> bool:
        """Whether its act has the filled button: it is late, and this person's move."""
        return self.is_late and self.line.is_move


@dataclass(frozen=True)
class Band:
    """Rows of one urgency; `more`: to-dos beyond what the sources give."""

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
    def first(self) -> list[Row]:
        """Those that my day has room for."""
        return self.rows[:SHOWN]

    @property
    def rest(self) -> int:
        """How many stand in the full list only."""
        return self.count - len(self.first)


BANDS: tuple[tuple[str, Text, str, str], ...] = (
    ("late", _("Overdue"), "bad", "clock-exclamation"),
    ("today", _("Due today"), "warn", "clock"),
    ("soon", _("This week and next"), "", "calendar-event"),
    ("later", _("Later, or without a date"), "", "calendar"),
)


def list_waiting(*, person: Person) -> list[Band]:
    """Everything that waits for `person`; a fixed number of queries, one more where not all to-dos fit."""
    return read_waiting(person=person)[0]


def read_waiting(*, person: Person, besides: Iterable[date | None] = ()) -> tuple[list[Band], WorkCalendar]:
    """Everything that waits for `person`, and the calendar by which it was dated; it reaches over `besides` too."""
    today = clock.today()
    lines = [line for source in list_sources() for line in source(person)]
    days = [day for day in (*(line.due for line in lines), *besides) if day]
    calendar = calendar_between(min(today, *days), max(today, *days)) if days else WorkCalendar()
    rows = [
        Row(line, days_left(line.due, today, calendar), line.due is not None and line.due < today) for line in lines
    ]
    rows.sort(key=lambda row: (row.line.due is None, row.line.due or today))
    placed: dict[str, list[Row]] = {}
    for row in rows:
        placed.setdefault(_band(row.line.due, today), []).append(row)
    more = _beside(person, [line for line in lines if line.kind == "todo"], today)
    bands = [
        Band(key, title, tone, icon, placed.get(key, []), more[key])
        for key, title, tone, icon in BANDS
        if key in placed or more[key]
    ]
    return bands, calendar


def count_waiting(bands: Iterable[Band], key: str = "") -> int:
    """What waits of one band, or of all."""
    return sum(band.count for band in bands if key in ("", band.key))


def days_left(due: date | None, today: date, calendar: WorkCalendar) -> int | None:
    """Working days until `due`, negative when it has passed; None without a due date."""
    return None if due is None else workdays_left(today, due, calendar=calendar)


def _beside(person: Person, shown: list[Line], today: date) -> Counter[str]:
    """How many to-dos of each band the sources leave out; nothing is counted while no share is full."""
    if len(shown) < MOST:
        return Counter()
    counts = Counter(todo_counts(viewer=person, today=today, soon=_soon(today)))
    return counts - Counter(_band(line.due, today) for line in shown)


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
