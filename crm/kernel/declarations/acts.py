"""The acts of the audit trail: code, label, and what their events keep, declared in each module's `acts.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import Model

from crm.kernel.declarations import Text, add


@dataclass(frozen=True)
class Kept:
    """A name under which an event keeps something: its label, and what the value means.

    `model`: the value is the key (or a list of keys) of rows of this model, by its label ("kernel.Person"); `key`: by
    which of its fields. `choices`: the value is one of these.
    """

    label: Text
    model: str = ""
    key: str = "pk"
    choices: Mapping[Any, Text] = field(default_factory=dict)


Fields = Mapping[str, Text | Kept]


@dataclass(frozen=True)
class Act:
    """One kind of event. `fields`: names in its data (and in before and after) that are no field of its subject.

    `is_read`: the event remembers that something was read; its subject is as it was.
    `watch`: auditors see the newest acts of this sort on their first page: decisions, or rights and limits given.
    """

    code: str
    label: Text
    fields: Fields = field(default_factory=dict)
    watch: Literal["", "decision", "rights"] = ""
    is_read: bool = False

    def kept(self, name: str) -> Kept:
        """What the act says about a name; one that it does not declare goes by itself."""
        found = self.fields.get(name, name)
        return found if isinstance(found, Kept) else Kept(found)


@dataclass(frozen=True)
class Subject:
    """A model whose rows the trail names. `known_to_all`: by name to everybody; else to whoever may see the row.

    `has_history`: a page shows everything that was done to it. `say_name`: the kept name in words.
    """

    model: type[Model]
    known_to_all: bool = False
    has_history: bool = False
    say_name: Callable[[str], str] = str


ACTS: dict[str, Act] = {}
# By the label that events keep, "app.model".
SUBJECTS: dict[str, Subject] = {}


def register(*acts: Act, subjects: tuple[Subject, ...] = ()) -> None:
    """Declare acts, and models whose rows events name."""
    for act in acts:
        add(ACTS, act.code, act)
    for subject in subjects:
        add(SUBJECTS, subject.model._meta.label_lower, subject)


def reads() -> list[str]:
    """The codes of the acts that change nothing."""
    return [act.code for act in ACTS.values() if act.is_read]


def act_of(code: str) -> Act:
    """The act; one that nobody declares any more goes by its code."""
    return ACTS.get(code) or Act(code, code)
