"""Cash of each period in its order: service, arrears, reserve, sweep, lock-up, distribution (rules-2 4.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from projects.cashflow.rules.funding import EXACT
from projects.cashflow.rules.outcome import Outcome

ZERO = Decimal(0)


@dataclass(frozen=True)
class Reserve:
    """The rules of the waterfall; `months` of service in reserve, `opening` what is in it when operation begins."""

    months: int = 0
    opening: Decimal = ZERO
    sweep: Decimal = ZERO
    lock_up: Decimal | None = None


@dataclass(frozen=True)
class Step:
    """One period as it went."""

    service: Decimal
    dscr: Decimal | None
    from_lock_up: Decimal
    from_reserve: Decimal
    shortfall: Decimal
    arrears: Decimal
    target: Decimal
    reserve: Decimal
    swept: Decimal
    distributed: Decimal
    lock_up: Decimal
    debt: Decimal


def _service_ahead(debt: Decimal, principals: Sequence[Decimal], rates: Sequence[Decimal], months: Decimal) -> Decimal:
    """Service of the next months on the schedule as it stands; part of a period counts in proportion."""
    total, balance, left = ZERO, debt, months
    for principal, rate in zip(principals, rates, strict=True):
        part = min(left, Decimal(1))
        if part <= 0:
            break
        repaid = min(principal, balance)
        total += part * (balance * rate + repaid)
        balance -= repaid
        left -= part
    return total


def flow_down(
    cfads: Sequence[Decimal],
    debt: Decimal,
    principals: Sequence[Decimal],
    rates: Sequence[Decimal],
    ppy: int,
    reserve: Reserve,
) -> list[Step]:
    """The waterfall over all periods. Sweeps prepay the last instalments first."""
    schedule, balance = list(principals), debt
    held, locked, arrears = reserve.opening, ZERO, ZERO
    steps: list[Step] = []
    services: list[Decimal] = []
    for period, cash in enumerate(cfads):
        repaid = min(schedule[period], balance)
        service = balance * rates[period] + repaid
        services.append(service)
        rest = cash - service
        from_lock_up = from_reserve = short = ZERO
        if rest < 0:
            from_lock_up = min(locked, -rest)
            locked -= from_lock_up
            from_reserve = min(held, -rest - from_lock_up)
            held -= from_reserve
            short = -rest - from_lock_up - from_reserve
            rest = ZERO
        settled = min(rest, arrears)
        rest, arrears = rest - settled, arrears - settled + short
        balance -= repaid
        is_last = period == len(cfads) - 1
        ahead = Decimal(reserve.months) * ppy / 12
        target = ZERO if is_last else _service_ahead(balance, schedule[period + 1 :], rates[period + 1 :], ahead)
        moved = min(rest, target - held) if held < target else target - held
        held, rest = held + moved, rest - moved
        swept = ZERO if arrears > EXACT else min(rest * reserve.sweep, balance)
        rest, balance = rest - swept, balance - swept
        _prepay(schedule, period, swept)
        due = sum(services[-ppy:], ZERO)
        rolling = sum(cfads[period + 1 - ppy : period + 1], ZERO) / due if due > EXACT and period + 1 >= ppy else None
        passes = reserve.lock_up is None or (rolling is not None and rolling >= reserve.lock_up)
        # Once nothing is owed, nothing holds the cash back.
        is_free = balance <= EXACT and arrears <= EXACT
        if is_free or (passes and held >= target - EXACT and arrears <= EXACT):
            distributed, locked = rest + locked, ZERO
        else:
            distributed, locked = ZERO, locked + rest
        dscr = cash / service if service > EXACT else None
        steps.append(Step(service, dscr, from_lock_up, from_reserve, short, arrears, target, held, swept,
                          distributed, locked, balance))  # fmt: skip
    return steps


def _prepay(schedule: list[Decimal], period: int, amount: Decimal) -> None:
    for place in reversed(range(period + 1, len(schedule))):
        taken = min(schedule[place], amount)
        schedule[place] -= taken
        amount -= taken
        if not amount:
            break


def run_waterfall(outcome: Outcome, lock_up: Decimal | None) -> list[Step] | None:
    """The waterfall of a computed model by its own reserve and sweep; None where interest is added to principal, which
    the waterfall does not know.
    """
    model = outcome.model
    if any(one.capitalised and one.grace for one in model.tranches):
        return None
    rates = [due / debt if debt > EXACT else ZERO for due, debt in zip(outcome.interest, outcome.opening, strict=True)]
    reserve = Reserve(model.reserve_months, model.reserve_opening, model.sweep, lock_up)
    return flow_down(outcome.cfads, outcome.funding.debt, outcome.principal, rates, model.ppy, reserve)
