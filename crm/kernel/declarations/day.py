"""Lines of my day: what waits for a person, declared in each module's `day.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.kernel.declarations import add

# Of one source, at most so many.
MOST = 200


@dataclass(frozen=True)
class Line:
    """One thing to do: what, about whom, until when, and the one click that does it.

    `url`: where the matter stands. `act_url`: the form of the act (default: `url`). `is_reading`: there is nothing to
    decide, only to read. `done`: what this person did about it while somebody else's move is awaited.
    Neither of the two has a filled button.
    """

    kind: str
    icon: str
    title: str
    note: str
    due: date | None
    act: str
    url: str
    provisional: bool = False
    act_url: str = ""
    is_reading: bool = False
    done: str = ""

    @property
    def act_address(self) -> str:
        """Where the act is done."""
        return self.act_url or self.url

    @property
    def is_move(self) -> bool:
        """Whether it is this person's move."""
        return not (self.is_reading or self.done)


# Given a person, the lines of one kind; at most one query.
Source = Callable[[Any], Iterable[Line]]
_sources: dict[Source, int] = {}


def register(source: Source, *, order: int) -> None:
    """Declare a source of lines. Among lines of one due day, those of the lower `order` stand first."""
    add(_sources, source, order)


def list_sources() -> list[Source]:
    """All sources, by their order."""
    return sorted(_sources, key=lambda source: _sources[source])
