"""Which field a column fills, by its header."""

from collections.abc import Sequence

from crm.kernel.declarations.importable import Importable
from crm.kernel.text.identifying import identifying_form


def propose_mapping(kind: Importable, headers: Sequence[str], labels: dict[str, list[str]]) -> list[str]:
    """For each header the field of which it is a name or synonym, each field once; "" for none.

    `labels`: the fields' labels in the languages of the system.
    """
    known: dict[str, str] = {}
    for column in kind.columns:
        for word in (column.name, *labels.get(column.name, ()), *column.synonyms):
            known.setdefault(identifying_form(word.rstrip("*＊")), column.name)
    mapping: list[str] = []
    for header in headers:
        name = known.get(identifying_form(header.rstrip("*＊ ")), "")
        mapping.append("" if name in mapping else name)
    return mapping
