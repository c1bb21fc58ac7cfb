"""States and their badges: word, tone and icon of each state, declared in each module's `states.py`.

No page picks its own colour. `icon=` is written out in each row because the sprite cutter reads it from the source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from crm.kernel.declarations import Text, add

TONES = frozenset({"neutral", "ok", "warn", "bad", "accent", "accent-fill", "bad-fill"})


@dataclass(frozen=True)
class Status:
    """How one state is shown: its word, its tone (one of TONES) and the name of its icon ("" for none)."""

    word: Text
    tone: str = "neutral"
    icon: str = ""


def warn(word: Text, icon: str) -> Status:
    """A state that asks for attention."""
    return Status(word, "warn", icon)


def bad(word: Text, icon: str) -> Status:
    """A state in which something is wrong."""
    return Status(word, "bad", icon)


def ok(word: Text, icon: str) -> Status:
    """A state in which all is well."""
    return Status(word, "ok", icon)


STATUS: dict[str, dict[str, Status]] = {}
# Field ("app.Model.status") → the kind that shows it.
KIND_OF: dict[str, str] = {}


def register(kind: str, states: Mapping[str, Status], *, field: str = "") -> None:
    """Declare the badges of one kind of state, by value. `field`: the model's field whose values they show."""
    add(STATUS, kind, dict(states))
    if field:
        add(KIND_OF, field, kind)


def status_of(kind: str, value: object, word: Text = "") -> Status:
    """The status of `value` in `kind`; `word` replaces the word ("Red 2"). An unknown value is shown neutrally
    with its own text, so that a new state is ugly rather than wrong."""
    found = STATUS.get(kind, {}).get(str(value))
    if found is None:
        return Status(word or str(value))
    return replace(found, word=word) if word else found
