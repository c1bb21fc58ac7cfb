"""Which capital counts, and how much may be lent on top of it (rules 1.8 with the completions of rules-2 section 1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, localcontext
from typing import Any

from projects.deals.rules.capital import PRECISION

FEN = Decimal("0.01")
NOTHING = Decimal(0)


@dataclass(frozen=True)
class CountedCapital:
    """What counts of a project's capital, by its parts. All amounts in yuan."""

    cash: Decimal
    know_how: Decimal
    instruments: Decimal
    dropped: Decimal  # declared as capital and not counted

    @property
    def total(self) -> Decimal:
        """The counted capital."""
        return self.cash + self.know_how + self.instruments


def count_capital(
    *,
    capital: Decimal,
    know_how: Decimal = NOTHING,
    instruments: Decimal = NOTHING,
    not_counted: Decimal = NOTHING,
    shares: Mapping[str, Any],
) -> CountedCapital:
    """The counted part of `capital`, of which the three others are parts; the rest is cash.

    Loans and what the project must repay never count. Know-how supplies at most the share `know_how` of cash and
    know-how, instruments at most the share `instruments` of the whole; what is above falls away. `shares` is the
    parameter `capital.counting`: fractions below 1 as text. ValueError: the parts exceed the capital.
    """
    cash = capital - know_how - instruments - not_counted
    if cash < 0 or min(know_how, instruments, not_counted) < 0:
        raise ValueError("the parts of the capital exceed it")
    counted_know_how = min(know_how, _portion(cash, Decimal(shares["know_how"])))
    counted_instruments = min(instruments, _portion(cash + counted_know_how, Decimal(shares["instruments"])))
    dropped = capital - cash - counted_know_how - counted_instruments
    return CountedCapital(cash, counted_know_how, counted_instruments, dropped)


def _portion(beside: Decimal, share: Decimal) -> Decimal:
    """The most that makes up `share` of itself and what stands beside it, cut to the fen."""
    with localcontext(prec=PRECISION):
        return (beside * share / (1 - share)).quantize(FEN, rounding=ROUND_DOWN)


@dataclass(frozen=True)
class Funding:
    """The amount gate: `room` is what may be lent at most, `excess` what is asked above it. Yuan."""

    room: Decimal
    excess: Decimal

    @property
    def passed(self) -> bool:
        """Equality is allowed."""
        return self.excess == 0


def check_funding(*, amount: Decimal, total_investment: Decimal, counted: Decimal, other_sources: Decimal) -> Funding:
    """Whether amount ≤ total investment − counted capital − other sources (loans of all lenders together)."""
    room = max(total_investment - counted - other_sources, NOTHING)
    return Funding(room, max(amount - room, NOTHING))
