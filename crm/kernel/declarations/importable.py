"""What of a module can be imported from a table, declared in its `importable.py`: fields, key, services."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Column:
    """A field that a column may fill. `synonyms`: headers of other systems. `parse` raises ValueError, or a refusal."""

    name: str
    label: Any
    synonyms: tuple[str, ...] = ()
    example: str = ""
    is_required: bool = False
    parse: Callable[[str], Any] = str
    # Its cells are amounts: the unit of the header counts where a cell names none.
    is_amount: bool = False
    # Told when the row is filed; of one on file it stays as it is.
    is_filed_only: bool = False
    # Words that the template offers in a drop-down.
    choices: Callable[[], Sequence[str]] | None = None


class Source(NamedTuple):
    """Where a row comes from: the file with its SHA-256, the number of the row, what stands in it by header."""

    file_name: str
    sha256: str
    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Importable:
    """One kind of row. The services are those of the pages: they ask the policy, check and record."""

    code: str
    label: Any
    model: Any
    # The roles that may enter such a row.
    importers: frozenset[str]
    # The columns that together tell rows apart.
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    # The cells of these columns in the form in which they are compared, as one text; "" where one is missing.
    key_of: Callable[[Sequence[str]], str]
    # Rows that the person may see, by key.
    find: Callable[[Sequence[str], Any], Mapping[str, Any]]
    # Values, who, whence.
    create: Callable[[Mapping[str, Any], Any, Source], Any]
    # Row, changes, expected version, who. None: what is there already is not changed by an import.
    update: Callable[[Any, Mapping[str, Any], int, Any], Any] | None
    # Row, expected version, who: takes out what an import created.
    remove: Callable[[Any, int, Any], None]
    # The present values as JSON keeps them, and a kept value as `update` takes it.
    facts: Callable[[Any], dict[str, Any]]
    restore: Callable[[Mapping[str, Any]], dict[str, Any]]
    # Many at once where rows come by the ten thousand: values of each, who, whether nothing is to be written; for each
    # the row or what refused it. It writes what `create` would write one by one.
    create_many: Callable[[Sequence[Mapping[str, Any]], Any, bool], Sequence[Any]] | None = None
    # The versions by key and who: takes out many; what refused each of the others.
    remove_many: Callable[[Mapping[int, int], Any], Mapping[int, Any]] | None = None
    # Held open while a chunk is done: what is read once for all of its rows.
    for_chunk: Callable[[], AbstractContextManager[None]] = nullcontext


IMPORTABLE: dict[str, Importable] = {}


def register(*kinds: Importable) -> None:
    """Offer these kinds."""
    for kind in kinds:
        IMPORTABLE.setdefault(kind.code, kind)
