"""The words of every kind of to-do, and who is told when one is late. Wings register theirs in their `notices.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.access.policies import Viewer
from crm.kernel.notify.kinds import sentence

OPEN = _("Open")
WORK = _("A matter you may not view")
# Given the late to-do, the person who is told; None where nobody is left.
Escalation = Callable[[Any], Any]
# Given somebody who looks, the subjects they may see.
Subjects = Callable[[Viewer], QuerySet[Any]]


@dataclass(frozen=True)
class Step:
    """What is to be done next about a to-do: the word on its button, and the address of the act."""

    act: Text
    url: str


@dataclass(frozen=True)
class TodoKind:
    """A kind of to-do: `title % data` (or a function of the data), the word on its button, its icon.

    `escalate_to(todo)` answers who is told when it is late; unless given, the owner's superior, and theirs after that.
    `subjects(viewer)`, where some must not even know of the subject: a to-do about any other is its owner's alone.
    `step(todo)`, where the act has a page of its own: what its owner does next and where; unless given, `act` at the
    to-do's address.
    `work` stands in place of the title for who hears that it is late and does not see what it is about.
    """

    code: str
    title: Text | Callable[[Mapping[str, Any]], str]
    act: Text = OPEN
    icon: str = "checklist"
    escalate_to: Escalation | None = None
    subjects: Subjects | None = None
    work: Text = WORK
    step: Callable[[Any], Step] | None = None


_kinds: dict[str, TodoKind] = {}


def register(*kinds: TodoKind) -> None:
    """Make kinds known; called when a module's `notices.py` is imported."""
    _kinds.update({kind.code: kind for kind in kinds})


def kind_of(code: str) -> TodoKind:
    """The kind; one that nobody registers any more goes by its code."""
    return _kinds.get(code) or TodoKind(code, code)


def step_of(todo: Any) -> Step:
    """What its owner does next."""
    kind = kind_of(todo.kind)
    return kind.step(todo) if kind.step is not None else Step(kind.act, todo.url)


def with_subjects() -> dict[Subjects, list[str]]:
    """The codes of the kinds that ask who may see their subject, by the question."""
    found: dict[Subjects, list[str]] = {}
    for kind in _kinds.values():
        if kind.subjects is not None:
            found.setdefault(kind.subjects, []).append(kind.code)
    return found


def title_of(code: str, data: Mapping[str, Any]) -> str:
    """The sentence in the present language."""
    return sentence(kind_of(code).title, data)
