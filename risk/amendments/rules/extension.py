"""How long a loan may be extended (展期). Pure. Source: 贷款通则 art. 12, rules-2 8.7."""

from collections.abc import Mapping, Sequence
from typing import Any


def longest_extension(original_months: int, bands: Sequence[Mapping[str, Any]]) -> int:
    """The most months that all extensions of a loan may add to its first term.

    `bands`, by rising bound: `{"up_to": months or None, "percent": of the first term or None, "months": or None}`. Half
    a month does not count. ValueError where no band holds the term.
    """
    for band in bands:
        if band["up_to"] is None or original_months <= band["up_to"]:
            if band["months"] is not None:
                return int(band["months"])
            return original_months * int(band["percent"]) // 100
    raise ValueError(f"no band for {original_months} months")
