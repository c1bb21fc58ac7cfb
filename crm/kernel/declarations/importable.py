"""What of a module can be imported from a table, declared in its `importable.py`: fields, key, services."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """A field that a column may fill. `synonyms`: headers of other systems. `parse` raises ValueError, or a refusal."""

    name: str
    label: Any
    synonyms: tuple[str, ...] = ()
    example: str = ""
    is_required: bool = False
    parse: Callable[[str], Any] = str
    # Told when the row is filed; of one on file it stays as it is.
    is_filed_only: bool = False
    # Words that the template offers in a drop-down.
    choices: Callable[[], Sequence[str]] | None = None


@dataclass(frozen=True)
class Importable:
    """One kind of row. The services are those of the pages: they ask the policy, check and record."""

    code: str
    label: Any
    model: Any
    key: str
    columns: tuple[Column, ...]
    # The form in which keys are compared.
    key_of: Callable[[str], str]
    # Rows that the person may see, by key.
    find: Callable[[Sequence[str], Any], Mapping[str, Any]]
    create: Callable[[Mapping[str, Any], Any], Any]
    # Row, changes, expected version, who.
    update: Callable[[Any, Mapping[str, Any], int, Any], Any]
    # Row, expected version, who: takes out what an import created.
    remove: Callable[[Any, int, Any], None]
    # The present values as JSON keeps them, and a kept value as `update` takes it.
    facts: Callable[[Any], dict[str, Any]]
    restore: Callable[[Mapping[str, Any]], dict[str, Any]]


IMPORTABLE: dict[str, Importable] = {}


def register(*kinds: Importable) -> None:
    """Offer these kinds."""
    for kind in kinds:
        IMPORTABLE.setdefault(kind.code, kind)
