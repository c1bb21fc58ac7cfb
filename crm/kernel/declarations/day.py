"""Lines of my day: what waits for a person, declared in each module's `day.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.kernel.declarations import add

# Of one kind, at most so many: the list of the module shows the rest.
MOST = 20
# Beyond that a source may go on for so many more, which are counted but not drawn (`is_beside`).
COUNTED = 200


@dataclass(frozen=True)
class Line:
    """One thing to do: what, about whom, until when, and the one click that does it."""

    kind: str
    icon: str
    title: str
    note: str
    due: date | None
    act: str
    url: str
    provisional: bool = False
    is_beside: bool = False


# Given a person, the lines of one kind; at most one query.
Source = Callable[[Any], Iterable[Line]]
_sources: dict[Source, int] = {}


def register(source: Source, *, order: int) -> None:
    """Declare a source of lines. Among lines of one due day, those of the lower `order` stand first."""
    add(_sources, source, order)


def list_sources() -> list[Source]:
    """All sources, by their order."""
    return sorted(_sources, key=lambda source: _sources[source])
