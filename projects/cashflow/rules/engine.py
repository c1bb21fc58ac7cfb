"""The cash-flow model computed: construction, schedules, tax, CFADS, cover ratios and returns (rules-2 4.2 and 4.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from projects.cashflow.rules.debt import Infeasible, Schedule, draw_schedule, sculpt, shorten
from projects.cashflow.rules.funding import EXACT, Funding, fund
from projects.cashflow.rules.inputs import Model, Series, Tranche
from projects.cashflow.rules.outcome import BASE, Outcome, Ratios, Scenario
from projects.cashflow.rules.tax import depreciate, rates_of, tax_of

ZERO, ONE = Decimal(0), Decimal(1)
ROUNDS = 200


def divide(over: Sequence[Decimal], under: Sequence[Decimal]) -> Ratios:
    """Each by each; None where there is nothing to divide by."""
    return tuple(one / other if other > EXACT else None for one, other in zip(over, under, strict=True))


def roll(cfads: Sequence[Decimal], service: Sequence[Decimal], ppy: int) -> Ratios:
    """Twelve-month DSCR at the end of each period; None before twelve months of operation and without service."""
    found: list[Decimal | None] = []
    for period in range(len(cfads)):
        since = period + 1 - ppy
        due = sum(service[max(since, 0) : period + 1], ZERO)
        is_there = since >= 0 and due > EXACT
        found.append(sum(cfads[since : period + 1], ZERO) / due if is_there else None)
    return tuple(found)


def life_cover(cfads: Sequence[Decimal], opening: Sequence[Decimal], interest: Sequence[Decimal], until: int) -> Ratios:
    """PV at the opening of each period of the cash up to `until` (not included), by the opening debt."""
    value, found, last = ZERO, [], ZERO
    rates = []
    for due, balance in zip(interest, opening, strict=True):
        last = due / balance if balance > EXACT else last
        rates.append(last)
    for period in reversed(range(len(cfads))):
        if period < until:
            value = (value + cfads[period]) / (ONE + rates[period])
        balance = opening[period]
        found.append(value / balance if balance > EXACT else None)
    return tuple(reversed(found))


def _add(columns: Sequence[Series], periods: int) -> Series:
    return tuple(sum(column, ZERO) for column in zip(*columns, strict=True)) if columns else (ZERO,) * periods


def _series(values: Series, periods: int, factor: Decimal = ONE) -> Series:
    return tuple(value * factor for value in values[:periods]) if values else (ZERO,) * periods


@dataclass(frozen=True)
class _Operation:
    """Operation under a scenario, before debt."""

    revenue: Series
    opex: Series
    maintenance: Series
    working_capital: Series
    depreciation: Series
    given: Series

    def tax(self, model: Model, interest: Sequence[Decimal]) -> Series:
        """Cash tax with this interest."""
        periods = len(self.revenue)
        if self.given or model.tax_mode == "none":
            return (ZERO,) * periods
        if model.tax_mode == "given":
            return _series(model.tax, periods)
        bases = [
            revenue - opex - worn - due
            for revenue, opex, worn, due in zip(self.revenue, self.opex, self.depreciation, interest, strict=True)
        ]
        return tax_of(bases, rates_of(model, periods), model.loss_years * model.ppy)

    def cash(self, tax: Sequence[Decimal]) -> Series:
        """CFADS, or the project's cash with its adjusted tax."""
        if self.given:
            return self.given
        rows = zip(self.revenue, self.opex, self.maintenance, self.working_capital, tax, strict=True)
        return tuple(revenue - opex - kept - bound - taken for revenue, opex, kept, bound, taken in rows)


def _operate(model: Model, scenario: Scenario, cost: Decimal, periods: int) -> _Operation:
    given = _series(model.cfads, periods, scenario.revenue) if model.is_given else ()
    return _Operation(
        revenue=_series(model.revenue, periods, scenario.revenue),
        opex=_series(model.opex, periods, scenario.opex),
        maintenance=_series(model.maintenance, periods),
        working_capital=_series(model.working_capital, periods),
        depreciation=(ZERO,) * periods if given else depreciate(model, cost, periods),
        given=given,
    )


def run(model: Model, scenario: Scenario = BASE, base: Outcome | None = None) -> Outcome:
    """Compute a model. Under a scenario `base` is its outcome without one: its debt and sculpted principals stand.

    The inputs have no problems (`find_problems`). `Infeasible` where no schedule can be drawn, and for a cost that
    changes where CFADS was given as a whole.
    """
    if model.target_dscr is not None and base is None:
        model = aim(model)
    return _run(base.model if base is not None else model, scenario, base)


def _run(model: Model, scenario: Scenario, base: Outcome | None) -> Outcome:
    funding = base.funding if base is not None else fund(model)
    if scenario.capex != ONE:
        extra = tuple(one * (scenario.capex - ONE) for one in model.capex)
        equity = tuple(one + more for one, more in zip(funding.equity, extra, strict=True))
        funding = replace(funding, equity=equity, cost=funding.cost + sum(extra, ZERO))
    delay = model.ppy if scenario.late else 0
    periods = model.operation - (delay if model.life_fixed_end else 0)
    if model.is_given and scenario.opex != ONE:
        raise Infeasible("given_cash")
    operation = _operate(model, scenario, funding.cost, periods)
    if periods <= 0:
        raise Infeasible("no_repayment_left")
    tranches = [shorten(one, delay) if delay and not model.shift_maturity else one for one in model.tranches]
    if any(one.periods > periods for one in tranches):
        raise Infeasible("beyond_operation")
    rates = [(one.rate + scenario.rate * one.floating) / model.ppy for one in tranches]
    schedules, reached = _draw(model, funding, operation, tranches, rates, base if not delay else None)
    return _settle(model, scenario, funding, delay, operation, schedules, reached)


def _draw(
    model: Model,
    funding: Funding,
    operation: _Operation,
    tranches: Sequence[Tranche],
    rates: Sequence[Decimal],
    base: Outcome | None,
) -> tuple[list[Schedule], Decimal | None]:
    """The schedules, sculpted ones as a fixed point of interest and tax; and the cover they are sculpted to."""
    periods = len(operation.revenue)
    drawn: list[Schedule] = []
    sculpted = None
    for place, (tranche, rate) in enumerate(zip(tranches, rates, strict=True)):
        amount = funding.debt * tranche.share
        stands = base.schedules[place].principal if base is not None and tranche.kind == "sculpted" else None
        if tranche.kind == "sculpted" and stands is None:
            sculpted = place
            stands = (ZERO,) * periods
        drawn.append(draw_schedule(tranche, amount, rate, periods, stands))
    if sculpted is None:
        return drawn, None
    tranche, rate, amount = tranches[sculpted], rates[sculpted], funding.debt * tranches[sculpted].share
    others = [one for place, one in enumerate(drawn) if place != sculpted]
    taken = _add([_add([one.paid, one.principal], periods) for one in others], periods)
    charged, own = _add([one.interest for one in others], periods), (ZERO,) * periods
    before: Series = (ZERO,) * periods
    reached = ZERO
    for _ in range(ROUNDS):
        interest = [one + other for one, other in zip(charged, own, strict=True)]
        cash = operation.cash(operation.tax(model, interest))
        available = [one - other for one, other in zip(cash, taken, strict=True)]
        principals, reached = sculpt(tranche, amount, rate, available)
        drawn[sculpted] = draw_schedule(tranche, amount, rate, periods, principals)
        own = drawn[sculpted].interest
        if max((abs(one - other) for one, other in zip(principals, before, strict=True)), default=ZERO) < EXACT:
            break
        before = principals
    return drawn, reached


def _settle(
    model: Model,
    scenario: Scenario,
    funding: Funding,
    delay: int,
    operation: _Operation,
    schedules: Sequence[Schedule],
    reached: Decimal | None,
) -> Outcome:
    periods = len(operation.revenue)
    opening = _add([one.opening for one in schedules], periods)
    interest = _add([one.interest for one in schedules], periods)
    paid = _add([one.paid for one in schedules], periods)
    principal = _add([one.principal for one in schedules], periods)
    service = tuple(one + other for one, other in zip(paid, principal, strict=True))
    tax = operation.tax(model, interest)
    cfads = operation.cash(tax)
    owed = [place for place, one in enumerate(service) if one > EXACT]
    until = owed[-1] + 1 if owed else 0
    charged = [one + other for one, other in zip(interest, principal, strict=True)]
    earned = operation.given or [a - b - c - d for a, b, c, d in zip(
        operation.revenue, operation.opex, tax, operation.maintenance, strict=True)]  # fmt: skip
    ebit = [a - b - c for a, b, c in zip(operation.revenue, operation.opex, operation.depreciation, strict=True)]
    adjusted = operation.tax(model, (ZERO,) * periods)
    project = operation.cash(adjusted)
    before_tax = operation.cash((ZERO,) * periods)
    left = [one - other for one, other in zip(cfads, service, strict=True)]
    outlay = [-one * scenario.capex for one in model.capex]
    if model.is_given:
        outlay = [-(one + other) for one, other in zip(funding.equity, funding.draws, strict=True)]
    waiting = sum((one.opening[0] * t.rate / model.ppy for one, t in zip(schedules, model.tranches, strict=True)), ZERO)
    return Outcome(
        model=model,
        scenario=scenario,
        funding=funding,
        delay=delay,
        revenue=operation.revenue,
        opex=operation.opex,
        maintenance=operation.maintenance,
        working_capital=operation.working_capital,
        depreciation=operation.depreciation,
        tax=tax,
        cfads=cfads,
        schedules=tuple(schedules),
        opening=opening,
        interest=interest,
        principal=principal,
        service=service,
        dscr=divide(cfads, service),
        rolling=roll(cfads, service, model.ppy),
        llcr=life_cover(cfads, opening, interest, until),
        plcr=life_cover(cfads, opening, interest, periods),
        cover=divide(earned, charged),
        interest_cover=(None,) * periods if model.is_given else divide(ebit, interest),
        sculpted_cover=reached,
        flows_before_tax=_line_up(model, funding, outlay, [ZERO] * delay, before_tax),
        flows_project=_line_up(model, funding, outlay, [ZERO] * delay, project),
        flows_equity=_line_up(model, funding, [-one for one in funding.equity], [-waiting] * delay, left),
    )


def _line_up(
    model: Model,
    funding: Funding,
    outlay: Sequence[Decimal],
    waiting: Sequence[Decimal],
    operation: Sequence[Decimal],
) -> Series:
    """Flows from t = 0 on, with the residual value in the last period where it is recovered."""
    head = [] if model.at_close else [ZERO]
    residual = funding.cost * model.residual if model.residual_recovered else ZERO
    return (*head, *outlay, *waiting, *operation[:-1], operation[-1] + residual)


def aim(model: Model) -> Model:
    """The model with the largest gearing, up to its own, at which the sculpted cover reaches the target."""
    target = model.target_dscr
    assert target is not None
    free = replace(model, target_dscr=None)
    reached = _run(free, BASE, None).sculpted_cover
    if reached is None or reached >= target:
        return free
    low, high = ZERO, model.gearing
    for _ in range(60):
        middle = (low + high) / 2
        found = _run(replace(free, gearing=middle), BASE, None).sculpted_cover
        if found is not None and abs(found - target) < Decimal("1e-6"):
            low = middle
            break
        low, high = (middle, high) if found is None or found > target else (low, middle)
    return replace(free, gearing=low)
