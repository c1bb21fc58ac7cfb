"""Depreciation and cash tax with losses of former periods (rules-2 4.2, 3 and 5)."""

from collections import deque
from collections.abc import Sequence
from decimal import Decimal

from projects.cashflow.rules.inputs import Model, Series

ZERO = Decimal(0)


def depreciate(model: Model, cost: Decimal, periods: int) -> Series:
    """Straight over the life from the first period of operation; a given vector stands as it is."""
    if model.depreciation:
        return model.depreciation[:periods]
    life = model.life_years * model.ppy
    if not life:
        return (ZERO,) * periods
    each = cost * (1 - model.residual) / life
    return (each,) * min(life, periods) + (ZERO,) * max(periods - life, 0)


def rates_of(model: Model, periods: int) -> Series:
    """The tax rate of each period of operation."""
    last = len(model.tax_rates) - 1
    return tuple(model.tax_rates[min(period // model.ppy, last)] for period in range(periods))


def tax_of(bases: Sequence[Decimal], rates: Sequence[Decimal], carry: int) -> Series:
    """Tax of each period; losses are used oldest first, each in the `carry` periods after its own."""
    losses: deque[list[Decimal | int]] = deque()
    found = []
    for period, (base, rate) in enumerate(zip(bases, rates, strict=True)):
        if base <= 0:
            if carry and base:
                losses.append([period, -base])
            found.append(ZERO)
            continue
        while losses and period - losses[0][0] > carry:
            losses.popleft()
        rest = base
        while losses and rest:
            used = min(rest, Decimal(losses[0][1]))
            rest -= used
            losses[0][1] -= used
            if not losses[0][1]:
                losses.popleft()
        found.append(rate * rest)
    return tuple(found)
