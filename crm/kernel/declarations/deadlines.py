"""Open deadlines counted in working days, declared in each module's `deadlines.py`.

When the official calendar of a year is released, every declared kind shows beforehand what it would move, and is
worked out again afterwards.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from crm.kernel.declarations import Text, add


@dataclass(frozen=True)
class Shift:
    """One open deadline that another calendar moves: the number of its record, the day it has and the day it gets."""

    number: str
    former: date
    due_on: date


class Refresh(Protocol):
    """Works out the open deadlines again, tells their owners, and answers how many records changed."""

    def __call__(self, *, by: Any, corrected: bool = False) -> int: ...


@dataclass(frozen=True)
class Deadlines:
    """One kind of open deadlines.

    `preview(corrected)` answers what `refresh` would move under the calendar in force for the caller, and writes
    nothing. Without `corrected` both look only at deadlines that are provisional; with it at all that are open,
    because a notice corrects an earlier one.
    """

    code: str
    label: Text
    preview: Callable[[bool], Iterable[Shift]]
    refresh: Refresh


DEADLINES: dict[str, Deadlines] = {}


def register(*kinds: Deadlines) -> None:
    """Declare kinds of open deadlines."""
    for kind in kinds:
        add(DEADLINES, kind.code, kind)
