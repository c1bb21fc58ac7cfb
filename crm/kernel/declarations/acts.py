"""The acts of the audit trail: code, label, and what their events keep, declared in each module's `acts.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import Model

from crm.kernel.declarations import Text, add


@dataclass(frozen=True)
class Kept:
    """A name under which an event keeps something: its label, and what the value means.

    `model`: the value is the key of such a row, or a list of keys. `choices`: the value is one of these.
    """

    label: Text
    model: type[Model] | None = None
    choices: Mapping[Any, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    """One kind of event. `fields`: names in its data (and in before and after) that are no field of its subject.

    `watch`: auditors see the newest acts of this sort on their first page: decisions, or rights and limits given.
    """

    code: str
    label: Text
    fields: Mapping[str, Text | Kept] = field(default_factory=dict)
    watch: Literal["", "decision", "rights"] = ""

    def kept(self, name: str) -> Kept | None:
        """What the act says about a name; None when it says nothing."""
        found = self.fields.get(name)
        return found if found is None or isinstance(found, Kept) else Kept(found)


@dataclass(frozen=True)
class Subject:
    """A model whose rows events name. `key`: the field that events keep. `known_to_all`: nobody is refused its name.

    `has_history`: it has a page with everything that was done to it.
    """

    model: type[Model]
    key: str = "pk"
    known_to_all: bool = False
    has_history: bool = False


ACTS: dict[str, Act] = {}
SUBJECTS: dict[type[Model], Subject] = {}


def register(*acts: Act, subjects: tuple[Subject, ...] = ()) -> None:
    """Declare acts, and models that events speak of."""
    for act in acts:
        add(ACTS, act.code, act)
    for subject in subjects:
        add(SUBJECTS, subject.model, subject)


def act_of(code: str) -> Act:
    """The act; one that nobody declares any more goes by its code."""
    return ACTS.get(code) or Act(code, code)
