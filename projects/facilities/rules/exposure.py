"""Exposure of one facility on a day (rules-2 6.1), in yuan. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Position:
    """A facility as a day finds it. `factor`: the share of its kind that counts, 0 to 1. `available_until` None: no
    longer available. `is_whole`: a revolving limit, which counts whole until its end.
    """

    outstanding: Decimal
    undrawn: Decimal
    due_unpaid: Decimal
    margin: Decimal
    amount: Decimal
    available_until: date | None
    factor: Decimal
    is_whole: bool = False


def measure_exposure(position: Position, day: date) -> dict[str, Decimal]:
    """What counts, by part, and `total = max(0, (outstanding + undrawn + due) × factor − margin)`.

    The undrawn commitment counts through the last available day; after it, it is cancelled.
    """
    is_available = position.available_until is not None and day <= position.available_until
    undrawn = position.undrawn if is_available else ZERO
    if position.is_whole and is_available:
        undrawn = max(ZERO, position.amount - position.outstanding)
    counted = ((position.outstanding + undrawn + position.due_unpaid) * position.factor).quantize(CENT)
    return {
        "outstanding": position.outstanding,
        "undrawn": undrawn,
        "due_unpaid": position.due_unpaid,
        "factor": position.factor,
        "margin": position.margin,
        "total": max(ZERO, counted - position.margin),
    }


def factor_of(kind: str, conversion: Mapping[str, str]) -> Decimal:
    """The share of a kind that counts, by the parameter `exposure.conversion`; whole where it names none."""
    return Decimal(conversion.get(kind, "1"))
