"""Return of a series of flows at period ends: NPV, IRR, MIRR, payback (rules 2.1).

Money is Decimal. An IRR is found by bracketing in floats and polished in Decimal: its error is below 1e-12 a period.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

ZERO, ONE = Decimal(0), Decimal(1)
Flows = Sequence[Decimal]
# Why a figure is missing, or what to think of one that is there.
Reason = Literal[
    "no_sign_change", "several_irr", "no_root", "no_service", "no_debt", "no_interest", "never", "no_outlay", "no_room"
]
# Rates per period between which a root is looked for, the nearest to 0 first taken.
GRID = (-0.99, -0.9, -0.7, -0.5, -0.3, -0.2, -0.1, -0.05, 0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0, 2.0, 5.0, 20.0)
# Where a few per cent separate two roots, they are looked for in steps of one.
FINE = tuple(percent / 100 for percent in range(-50, 101))


@dataclass(frozen=True)
class Figure:
    """A number, or the reason why there is none; with `several_irr` both."""

    value: Decimal | None
    reason: Reason | None = None


def npv(rate: Decimal, flows: Flows) -> Decimal:
    """Present value at t = 0 of flows at t = 0, 1, 2 … (Excel's NPV discounts the first one too)."""
    total, growth = ZERO, ONE + rate
    for flow in reversed(flows):
        total = total / growth + flow
    return total


def count_sign_changes(flows: Flows) -> int:
    """Changes of sign, zeros left out."""
    signs = [flow > 0 for flow in flows if flow]
    return sum(one != other for one, other in pairwise(signs))


def _value(flows: Sequence[float], rate: float) -> float:
    """A multiple of the NPV with its sign that neither overflows nor vanishes."""
    growth, total = 1.0 + rate, 0.0
    if growth < 1.0:
        for flow in flows:
            total = total * growth + flow
    else:
        for flow in reversed(flows):
            total = total / growth + flow
    return total


def _bracket(flows: Sequence[float], grid: Sequence[float]) -> tuple[float, float] | None:
    values = [_value(flows, rate) for rate in grid]
    pairs = [
        (low, high)
        for (low, at_low), (high, at_high) in pairwise(zip(grid, values, strict=True))
        if (at_low <= 0.0) != (at_high <= 0.0)
    ]
    return min(pairs, key=lambda pair: abs(pair[0] + pair[1]), default=None)


def irr(flows: Flows) -> Figure:
    """The rate per period at which the NPV is 0. Without a change of sign none; with several, flagged."""
    changes = count_sign_changes(flows)
    if not changes:
        return Figure(None, "no_sign_change")
    scale = max(abs(flow) for flow in flows)
    small = [float(flow / scale) for flow in flows]
    found = _bracket(small, GRID) or (_bracket(small, FINE) if changes > 1 else None)
    if found is None:
        return Figure(None, "no_root")
    low, high = found
    below = _value(small, low) <= 0.0
    for _ in range(60):
        middle = (low + high) / 2
        if (_value(small, middle) <= 0.0) == below:
            low = middle
        else:
            high = middle
        if high - low < 1e-13:
            break
    return Figure(_polish(flows, Decimal(repr((low + high) / 2))), "several_irr" if changes > 1 else None)


def _polish(flows: Flows, rate: Decimal) -> Decimal:
    """One step of Newton in Decimal."""
    growth, total, slope = ONE + rate, ZERO, ZERO
    for flow in reversed(flows):
        slope = slope / growth - total / growth
        total = total / growth + flow
    # `slope` has gathered the derivative times the growth factor.
    step = total * growth / slope if slope else ZERO
    return rate - step if abs(step) < Decimal("1e-6") else rate


def annual(rate: Figure, ppy: int) -> Figure:
    """The effective annual rate."""
    if rate.value is None or ppy == 1:
        return rate
    return Figure((ONE + rate.value) ** ppy - ONE, rate.reason)


def mirr(flows: Flows, finance: Decimal, reinvest: Decimal) -> Figure:
    """Outlays discounted at the rate of debt, returns carried forward at the hurdle, per period."""
    outlay = npv(finance, [min(flow, ZERO) for flow in flows])
    forward = ZERO
    for flow in flows:
        forward = forward * (ONE + reinvest) + max(flow, ZERO)
    if outlay >= 0 or forward <= 0 or len(flows) < 2:
        return Figure(None, "no_sign_change")
    return Figure((forward / -outlay) ** (ONE / Decimal(len(flows) - 1)) - ONE)


def payback(flows: Flows, rate: Decimal = ZERO) -> Figure:
    """Periods from t = 0 until the cumulated (discounted) flows reach 0, interpolated inside the period."""
    total, factor, is_out = ZERO, ONE, False
    for period, flow in enumerate(flows):
        before, total = total, total + flow / factor
        factor *= ONE + rate
        if before < 0 <= total:
            return Figure(Decimal(period - 1) + before / (before - total))
        is_out = is_out or total < 0
    return Figure(None, "never" if is_out else "no_outlay")
