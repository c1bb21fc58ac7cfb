"""How long a deal may run, and whether its sector fits what the client does (rules-2 section 1). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

TermOutcome = Literal["passed", "explained", "reason_missing", "above_longest", "unknown_product"]


@dataclass(frozen=True)
class TermTest:
    """The finding, with the two bounds of the product in months (None: the product has none)."""

    outcome: TermOutcome
    normal: int | None = None
    longest: int | None = None


def check_term(*, product: str, months: int, has_reason: bool, table: list[Mapping[str, Any]]) -> TermTest:
    """Up to `normal` passes, up to `longest` needs a written reason, above it is refused; the bounds belong to both.

    `table` is the parameter `deal.terms`: `[{"product", "normal", "longest"}, ...]`, months or null for no bound.
    """
    row = next((row for row in table if row["product"] == product), None)
    if row is None:
        return TermTest("unknown_product")
    normal, longest = row["normal"], row["longest"]
    if longest is not None and months > longest:
        return TermTest("above_longest", normal, longest)
    if normal is not None and months > normal:
        return TermTest("explained" if has_reason else "reason_missing", normal, longest)
    return TermTest("passed", normal, longest)


def is_sector_of(division: str, sector: str, table: list[Mapping[str, Any]]) -> bool | None:
    """Whether a client of this GB/T 4754 division usually builds in this capital sector; None when it cannot be told.

    `table` is the parameter `deal.sector_divisions`: `[{"sector", "divisions": ["44", ...]}, ...]`. It cannot be told
    for a client without an industry, and for a sector that the table leaves open.
    """
    row = next((row for row in table if row["sector"] == sector), None)
    if not division or row is None:
        return None
    return division in row["divisions"]
