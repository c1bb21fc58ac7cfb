"""From a measured value to points, as the scheme says it (rules 6.1). No database; Decimals throughout.

target  min(cap, value / target) × weight: more than the target is worth more, up to the cap
linear  the whole weight from `full_at` on, nothing at `zero_at`, a straight line between (either may be the larger)
deduct  the weight less `step` for each, never below nothing
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

CENT = Decimal("0.01")
FULL = Decimal(100)
METHODS = ("target", "linear", "deduct")
NEEDS = {"target": ("target", "cap"), "linear": ("full_at", "zero_at"), "deduct": ("step",)}


@dataclass(frozen=True)
class Scoring:
    """How one measure is scored: its weight and the figures its method needs; the others are None."""

    method: str
    weight: Decimal
    target: Decimal | None = None
    cap: Decimal | None = None
    full_at: Decimal | None = None
    zero_at: Decimal | None = None
    step: Decimal | None = None

    def problems(self) -> list[str]:
        """Names of the figures that are missing, superfluous or make no line; empty when it can be scored."""
        if self.method not in METHODS:
            return ["method"]
        needed = NEEDS[self.method]
        figures = {name for names in NEEDS.values() for name in names}
        found = [name for name in sorted(figures) if (getattr(self, name) is None) == (name in needed)]
        if not Decimal(0) < self.weight <= FULL:
            found.append("weight")
        if not found and self.method == "target" and not (self.target > 0 and self.cap > 0):  # type: ignore[operator]
            found.append("target")
        if not found and self.method == "linear" and self.full_at == self.zero_at:
            found.append("full_at")
        if not found and self.method == "deduct" and not self.step > 0:  # type: ignore[operator]
            found.append("step")
        return found


def points(scoring: Scoring, value: Decimal) -> Decimal:
    """The points of `value`, half-up to the hundredth. ValueError when the scoring lacks a figure."""
    if problems := scoring.problems():
        raise ValueError(f"cannot be scored: {', '.join(problems)}")
    with localcontext(prec=40):
        return _exact(scoring, value).quantize(CENT, rounding=ROUND_HALF_UP)


def _exact(scoring: Scoring, value: Decimal) -> Decimal:
    given: Any = scoring
    if given.method == "target":
        return min(given.cap, max(Decimal(0), value / given.target)) * given.weight
    if given.method == "linear":
        part = (value - given.zero_at) / (given.full_at - given.zero_at)
        return min(Decimal(1), max(Decimal(0), part)) * given.weight
    return max(Decimal(0), given.weight - given.step * value)


def score(points_made: Decimal, measured: Decimal) -> Decimal | None:
    """Points per hundred of the weight that could be measured, half-up to the hundredth; None where none could be."""
    if not measured:
        return None
    with localcontext(prec=40):
        return (points_made * FULL / measured).quantize(CENT, rounding=ROUND_HALF_UP)


def weights_sum(weights: list[Decimal]) -> Decimal:
    """The sum of a scheme's weights; it may be published at 100 only."""
    return sum(weights, Decimal(0))
