"""Repayment plans as pure functions (rules-2 8.6): yuan, rates in percent a year, every row rounded to the fen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal

from projects.deals.rules.months import add_months

FEN = Decimal("0.01")
ZERO = Decimal("0.00")
Kind = Literal["equal_principal", "equal_payment", "bullet"]


@dataclass(frozen=True)
class Instalment:
    """What is due on a day; `balance` is what is left after it."""

    number: int
    due_on: date
    principal: Decimal
    interest: Decimal
    balance: Decimal

    @property
    def total(self) -> Decimal:
        return self.principal + self.interest


def to_fen(amount: Decimal) -> Decimal:
    """Half up, as a statement shows it."""
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)


def interest_for(balance: Decimal, rate: Decimal, days: int) -> Decimal:
    """Actual/360 for an interval [from, to): the first day counts, the last does not."""
    with localcontext(prec=60):
        return to_fen(balance * rate * days / 36000)


def level_payment(amount: Decimal, rate: Decimal, periods: int, per_year: int) -> Decimal:
    """The equal payment of principal and interest of each of `periods`."""
    if not rate:
        return to_fen(amount / periods)
    with localcontext(prec=60):
        each = rate / 100 / per_year
        return to_fen(amount * each / (1 - (1 + each) ** -periods))


def due_days(first: date, last: date, months: int) -> list[date]:
    """Due days every `months` from `first`; the last one is `last`, whatever is left before it."""
    days = []
    step = 0
    while (day := add_months(first, step * months)) < last:
        days.append(day)
        step += 1
    return [*days, last]


def plan_repayment(
    amount: Decimal,
    *,
    start: date,
    days: Sequence[date],
    rate: Decimal,
    kind: Kind,
    per_year: int,
    grace: int = 0,
) -> list[Instalment]:
    """The plan of a drawn amount. `days` in order; the first `grace` of them pay interest alone.

    The last instalment takes the rest, so the principal sums to the amount to the fen. Interest runs actual/360;
    inside equal payments a period counts as a whole one. ValueError: no days left for the principal.
    """
    count = len(days) - grace
    if count < 1 or grace < 0:
        raise ValueError("no due day is left for the principal")
    rows: list[Instalment] = []
    balance, since = amount, start
    level = level_payment(amount, rate, count, per_year) if kind == "equal_payment" else ZERO
    share = to_fen(amount / count)
    for place, day in enumerate(days):
        if kind == "equal_payment":
            interest = to_fen(balance * rate / 100 / per_year)
        else:
            interest = interest_for(balance, rate, (day - since).days)
        if place == len(days) - 1:
            principal = balance
        elif place < grace or kind == "bullet":
            principal = ZERO
        else:
            principal = level - interest if kind == "equal_payment" else share
            principal = min(max(principal, ZERO), balance)
        balance -= principal
        rows.append(Instalment(place + 1, day, principal, interest, balance))
        since = day
    return rows


def lease_payment(
    value: Decimal, rate: Decimal, periods: int, per_year: int, *, residual: Decimal = ZERO, in_advance: bool = False
) -> Decimal:
    """The equal rent of a lease with a residual value at its end, paid at the end or the beginning of each period."""
    with localcontext(prec=60):
        each = rate / 100 / per_year
        if not each:
            return to_fen((value - residual) / periods)
        factor = (1 + each) ** periods
        rent = (value * factor - residual) * each / (factor - 1)
        return to_fen(rent / (1 + each) if in_advance else rent)


@dataclass(frozen=True)
class Dues:
    """What is owed at a value date, before a payment: by kind, yuan."""

    costs: Decimal = ZERO
    interest: Decimal = ZERO
    compound: Decimal = ZERO
    penalty: Decimal = ZERO
    principal: Decimal = ZERO


USUAL = ("costs", "interest", "compound", "penalty", "principal")
LATE = ("costs", "principal", "interest", "compound", "penalty")


def allocate(payment: Decimal, dues: Dues, *, days_late: int, switch: int = 90) -> dict[str, Decimal]:
    """What a payment covers (rules-2 8.7): interest before principal until the oldest is `switch` days late, then the
    principal first. `rest` is what exceeds all dues.
    """
    left, covered = payment, {}
    for name in USUAL if days_late <= switch else LATE:
        covered[name] = min(left, getattr(dues, name))
        left -= covered[name]
    return {**covered, "rest": left}
