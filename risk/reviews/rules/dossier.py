"""The frozen dossier as text: canonical JSON, its hash, and what differs between two of them.

Canonical: sorted keys, no blanks, UTF-8 as is, decimals as text with their places, days as ISO. The same facts give the
same bytes, so one SHA-256 says whether two rounds saw the same.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PROJECT_FIELDS = (
    "name",
    "product",
    "sector",
    "amount",
    "currency",
    "term_months",
    "secured",
    "purpose",
    "total_investment",
    "capital",
    "capital_know_how",
    "capital_instruments",
    "capital_not_counted",
    "other_sources",
    "short_board_points",
    "short_board_reason",
    "approval_kind",
    "approval_no",
    "approval_date",
    "rate_kind",
    "rate_spread_bp",
    "rate_fixed",
    "repayment",
    "security_kinds",
    "is_fully_margined",
    "draw_months",
    "validity_months",
    "term_reason",
    "sector_reason",
)
CLIENT_FIELDS = (
    "name",
    "client_type",
    "credit_code",
    "industry_id",
    "region_id",
    "size",
    "address",
    "legal_representative",
)
GRADE_FIELDS = ("grade", "grade_until", "grade_as_of", "grade_source")
# A change of one of these after the freeze refuses an approval until the case is returned (architecture 5).
MATERIAL = frozenset(
    {
        *(f"client.{name}" for name in CLIENT_FIELDS if name != "address"),
        "client.identity",
        *(f"grade.{name}" for name in GRADE_FIELDS),
    }
)


@dataclass(frozen=True)
class Difference:
    """One place where two dossiers differ; a side that has nothing there is None."""

    path: str
    before: Any
    after: Any

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def is_material(self) -> bool:
        """Whether an approval is refused because of it."""
        return self.path in MATERIAL


def encode_canonical(dossier: dict[str, Any]) -> str:
    """The one text of a dossier. TypeError for a value that has no canonical form (a float, for instance)."""
    _refuse_floats(dossier)
    return json.dumps(dossier, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a dossier holds no floats")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_floats(item)


def hash_text(text: str) -> str:
    """SHA-256 of the canonical text, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def compare_dossiers(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Where two dossiers differ, in reading order. Rows of a list are matched by their own id, not by their place."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    return [
        Difference(path, old.get(path), new.get(path))
        for path in dict.fromkeys([*old, *new])
        if old.get(path) != new.get(path)
    ]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in ("shape", "id"):
                yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, f"{path}[{item.get('id', item.get('project'))}]")
    else:
        yield path, value
