"""The texts of every kind of notice: modules register theirs in their `notices.py`, shown in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crm.kernel.access.errors import Text


@dataclass(frozen=True)
class Family:
    """Kinds a person sets one preference for."""

    code: str
    label: Text


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice. `title % data` is its sentence; a function of the data where one sentence is not enough.

    Of one thing a person sees the latest notice; `is_single`: each notice of the kind is a thing of its own.
    `still_meant(notice)` is asked when its mail goes out, perhaps days later: no where it is the recipient's no more.
    """

    code: str
    title: Text | Callable[[Mapping[str, Any]], str]
    icon: str = "bell"
    family: str = "todos"
    still_meant: Callable[[Any], bool] = lambda _notice: True
    is_single: bool = False


_families: dict[str, Family] = {}
_kinds: dict[str, NoticeKind] = {}


def register(*kinds: NoticeKind, families: tuple[Family, ...] = ()) -> None:
    """Make kinds (and the families they belong to) known; called when a module's `notices.py` is imported."""
    _families.update({family.code: family for family in families})
    _kinds.update({kind.code: kind for kind in kinds})


def families() -> list[Family]:
    """All families, in the order of registration."""
    return list(_families.values())


def kind_of(code: str) -> NoticeKind:
    """The kind; one that nobody registers any more goes by its code."""
    return _kinds.get(code) or NoticeKind(code, code)


def single_codes() -> list[str]:
    """The kinds whose every notice is a thing of its own."""
    return [kind.code for kind in _kinds.values() if kind.is_single]


def title_of(code: str, data: Mapping[str, Any]) -> str:
    """The sentence in the present language."""
    return sentence(kind_of(code).title, data)


def sentence(title: Text | Callable[[Mapping[str, Any]], str], data: Mapping[str, Any]) -> str:
    """`title % data`; a figure that an old row lacks leaves the pattern as it is rather than breaking the list."""
    if callable(title):
        return title(data)
    try:
        return str(title) % dict(data)
    except (KeyError, TypeError, ValueError):
        return str(title)
