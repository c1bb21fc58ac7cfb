"""My day: everything that waits for one person, gathered from the wings and put in order of urgency."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from crm.kernel.access.errors import Text
from crm.kernel.people.models import Person


@dataclass(frozen=True)
class Line:
    """One thing to do: what, about whom, until when, and the one click that does it."""

    kind: str
    icon: str
    title: Text
    note: Text
    due: date | None
    left: int | None
    act: Text
    url: str
    provisional: bool = False


Source = Callable[[Person], Iterable[Line]]


@dataclass(frozen=True)
class Band:
    """Lines of one urgency."""

    key: str
    title: Text
    tone: str
    icon: str
    lines: list[Line]
