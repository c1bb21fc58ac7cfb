"""Repayment schedules (rules-2 4.3): opening balance, interest and principal of each period of operation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from projects.cashflow.rules.inputs import Series, Tranche

ZERO, ONE = Decimal(0), Decimal(1)


class Infeasible(Exception):
    """No schedule can be drawn; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Schedule:
    """One tranche over operation. `interest` is charged, `paid` is what of it is paid; the rest joins the balance."""

    opening: Series
    interest: Series
    paid: Series
    principal: Series


def annuity(amount: Decimal, rate: Decimal, periods: int) -> Decimal:
    """The level service of an amount."""
    if not rate:
        return amount / periods
    return amount * rate / (ONE - (ONE + rate) ** -periods)


def draw_schedule(
    tranche: Tranche, amount: Decimal, rate: Decimal, horizon: int, principals: Sequence[Decimal] | None = None
) -> Schedule:
    """The schedule of an amount at a rate per period; `principals` given: those stand, only interest is computed."""
    opening, interest, paid, principal = [], [], [], []
    balance, repaying = amount, tranche.periods - tranche.grace
    service = instalment = ZERO
    for period in range(horizon):
        due = balance * rate
        pays_interest = not (tranche.capitalised and period < tranche.grace)
        repaid = ZERO
        if principals is not None:
            repaid = principals[period]
        elif tranche.kind == "bullet":
            repaid = balance if period == tranche.periods - 1 else ZERO
        elif tranche.kind == "custom":
            repaid = amount * tranche.shares[period] if period < tranche.periods else ZERO
        elif tranche.grace <= period < tranche.periods:
            if period == tranche.grace:
                service, instalment = annuity(balance, rate, repaying), balance / repaying
            repaid = instalment if tranche.kind == "equal" else service - due
        opening.append(balance)
        interest.append(due)
        paid.append(due if pays_interest else ZERO)
        principal.append(repaid)
        balance = balance - repaid + (ZERO if pays_interest else due)
    return Schedule(tuple(opening), tuple(interest), tuple(paid), tuple(principal))


def sculpt(tranche: Tranche, amount: Decimal, rate: Decimal, available: Sequence[Decimal]) -> tuple[Series, Decimal]:
    """Principals that keep cover constant, and that cover k = PV of the cash of the repayment periods / amount."""
    value, factor = ZERO, ONE
    balance = amount
    principals = [ZERO] * len(available)
    if tranche.capitalised:
        balance = amount * (ONE + rate) ** tranche.grace
    for period in range(tranche.grace, tranche.periods):
        factor *= ONE + rate
        value += available[period] / factor
    if not balance:
        return tuple(principals), ZERO
    cover = value / balance
    if cover <= 0:
        raise Infeasible("sculpting_infeasible")
    for period in range(tranche.grace, tranche.periods):
        repaid = available[period] / cover - balance * rate
        if repaid < 0:
            raise Infeasible("sculpting_infeasible")
        principals[period] = repaid
        balance -= repaid
    return tuple(principals), cover


def shorten(tranche: Tranche, periods: int) -> Tranche:
    """The same kind over fewer periods: the first ones are lost, the grace kept (completion late, maturity fixed)."""
    left = tranche.periods - periods
    if left <= tranche.grace:
        raise Infeasible("no_repayment_left")
    shares: Series = ()
    if tranche.kind == "custom":
        rest = tranche.shares[periods:]
        total = sum(rest, ZERO)
        if not total:
            raise Infeasible("no_repayment_left")
        shares = tuple(share / total for share in rest)
    return replace(tranche, periods=left, shares=shares)


def debt_capacity(cfads: Sequence[Decimal], target: Decimal, rate: Decimal) -> tuple[Decimal, Series]:
    """The largest debt that cash repays at a target cover, and its principals."""
    service = [one / target for one in cfads]
    debt = ZERO
    for one in reversed(service):
        debt = (debt + one) / (ONE + rate)
    balance, principals = debt, []
    for one in service:
        principals.append(one - balance * rate)
        balance -= principals[-1]
    return debt, tuple(principals)
