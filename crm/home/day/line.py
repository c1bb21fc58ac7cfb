"""One line of my day."""

from dataclasses import dataclass
from datetime import date

# Of one kind, at most so many: the list of the wing shows the rest.
MOST = 20


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
