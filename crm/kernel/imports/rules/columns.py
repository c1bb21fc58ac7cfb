"""Which field a column fills, by its header."""

from collections.abc import Sequence
from typing import Any

from crm.kernel.access.errors import DomainError
from crm.kernel.declarations.importable import Column, Importable
from crm.kernel.imports.rules.values import read_amount, without_unit
from crm.kernel.text.identifying import identifying_form

# So many cells of a column are read to see whether it holds what its header promises.
SAMPLE = 20


def propose_mapping(
    kind: Importable, headers: Sequence[str], labels: dict[str, list[str]], rows: Sequence[Sequence[str]] = ()
) -> list[str]:
    """For each header the field of which it is a name or synonym, each field once; "" for none.

    `labels`: the fields' labels in the languages of the system. `rows`: the first rows; a column of which not one cell
    can be read is proposed for no field, unless the field is required.
    """
    known: dict[str, str] = {}
    for column in kind.columns:
        for word in (column.name, *labels.get(column.name, ()), *column.synonyms):
            known.setdefault(identifying_form(without_unit(word)), column.name)
    mapping: list[str] = []
    columns = {column.name: column for column in kind.columns}
    for place, header in enumerate(headers):
        name = known.get(identifying_form(without_unit(header)), "")
        is_read = name and _can_read(columns[name], header, [row[place] for row in rows if row[place]])
        mapping.append(name if is_read and name not in mapping else "")
    return mapping


def read_cell(column: Column, header: str, cell: str) -> Any:
    """What the cell says; ValueError, or a refusal of the field."""
    return read_amount(cell, header) if column.is_amount else column.parse(cell)


def _can_read(column: Column, header: str, cells: list[str]) -> bool:
    if column.is_required or not cells:
        return True
    for cell in cells[:SAMPLE]:
        try:
            read_cell(column, header, cell)
        except (ValueError, DomainError):
            continue
        return True
    return False
