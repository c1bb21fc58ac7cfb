"""Standard stress set, named scenarios, tornado and reverse stress (rules 2.3, rules-2 4.5)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from projects.cashflow.rules.debt import Infeasible
from projects.cashflow.rules.engine import run
from projects.cashflow.rules.inputs import Model
from projects.cashflow.rules.outcome import Outcome, Scenario

D, ZERO, ONE = Decimal, Decimal(0), Decimal(1)
SCENARIOS: tuple[Scenario, ...] = (
    Scenario("S1", revenue=D("0.9")),
    Scenario("S2", opex=D("1.1")),
    Scenario("S3", capex=D("1.1")),
    Scenario("S4", rate=D("0.01")),
    Scenario("S4b", rate=D("0.02")),
    Scenario("S5", late=True),
    Scenario("S6", revenue=D("0.9"), opex=D("1.1"), rate=D("0.01")),
)
# Code → what is measured and the floor; S3 is measured against the hurdle less two points.
FLOORS: dict[str, tuple[str, Decimal]] = {
    "S1": ("min_dscr", D("1.10")),
    "S2": ("min_dscr", D("1.10")),
    "S3": ("equity_irr", D("-0.02")),
    "S4": ("min_dscr", D("1.10")),
    "S4b": ("min_dscr", D("1.05")),
    "S5": ("llcr", D("1.10")),
    "S6": ("min_dscr", D("1.00")),
}


@dataclass(frozen=True)
class Stress:
    """One scenario with its outcome, the figure that counts, its floor and whether it holds.

    Without an outcome `problem` says why no schedule could be drawn: then it fails.
    """

    scenario: Scenario
    outcome: Outcome | None
    measure: str
    value: Decimal | None
    floor: Decimal
    problem: str = ""

    @property
    def passes(self) -> bool:
        """A missing figure fails; without any debt service there is nothing to cover."""
        if self.outcome is not None and self.measure != "equity_irr" and self.outcome.last is None:
            return True
        return self.value is not None and self.value >= self.floor


def run_stress(base: Outcome, scenarios: Iterable[Scenario] = SCENARIOS) -> list[Stress]:
    """Every scenario on the base outcome."""
    return [_stress(base, scenario) for scenario in scenarios]


def _stress(base: Outcome, scenario: Scenario) -> Stress:
    measure, floor = FLOORS.get(scenario.code, ("min_dscr", ONE))
    if measure == "equity_irr":
        floor += base.model.hurdle
    try:
        found = run(base.model, scenario, base)
    except Infeasible as error:
        return Stress(scenario, None, measure, None, floor, error.code)
    figure = {
        "min_dscr": lambda: found.minimum,
        "equity_irr": lambda: found.irr_equity,
        "llcr": lambda: found.llcr_first,
    }
    return Stress(scenario, found, measure, figure[measure]().value, floor)


def fall_that_breaks(base: Outcome) -> Decimal | None:
    """S7: the largest uniform fall of CFADS that keeps every DSCR at 1; negative: a rise is needed.

    None when the minimum is missing or not above 0.
    """
    least = base.minimum.value
    return None if least is None or least <= 0 else ONE - ONE / least


@dataclass(frozen=True)
class Bar:
    """One variable of the tornado, worse and better, with min DSCR and equity IRR at both ends."""

    variable: str
    low: Outcome
    high: Outcome

    @property
    def spread(self) -> Decimal:
        """The distance between the ends by min DSCR."""
        low, high = self.low.minimum.value, self.high.minimum.value
        return ZERO if low is None or high is None else abs(high - low)


TORNADO: tuple[tuple[str, Scenario, Scenario], ...] = (
    ("revenue", Scenario("revenue-", revenue=D("0.9")), Scenario("revenue+", revenue=D("1.1"))),
    ("opex", Scenario("opex+", opex=D("1.1")), Scenario("opex-", opex=D("0.9"))),
    ("capex", Scenario("capex+", capex=D("1.1")), Scenario("capex-", capex=D("0.9"))),
    ("rate", Scenario("rate+", rate=D("0.01")), Scenario("rate-", rate=D("-0.01"))),
)


def run_tornado(base: Outcome) -> list[Bar]:
    """One variable at a time, the widest first; the cost is left out where CFADS was given as a whole."""
    bars = [
        Bar(name, run(base.model, low, base), run(base.model, high, base))
        for name, low, high in TORNADO
        if name != "opex" or not base.model.is_given
    ]
    return sorted(bars, key=lambda bar: -bar.spread)


REVERSE: tuple[tuple[str, Decimal, Callable[[Decimal], Scenario]], ...] = (
    ("revenue", ONE, lambda amount: Scenario("reverse", revenue=ONE - amount)),
    ("opex", D(5), lambda amount: Scenario("reverse", opex=ONE + amount)),
    ("rate", D("0.20"), lambda amount: Scenario("reverse", rate=amount)),
)


@dataclass(frozen=True)
class Breaking:
    """How far one variable goes until min DSCR is 1; None: not within `limit`, or below 1 from the beginning."""

    variable: str
    amount: Decimal | None
    limit: Decimal


def reverse_stress(base: Outcome) -> list[Breaking]:
    """Bisection of each variable to min DSCR = 1.00, closer than the 1e-4 asked for."""
    return [Breaking(name, _bisect(base, limit, build), limit) for name, limit, build in REVERSE]


def _bisect(base: Outcome, limit: Decimal, build: Callable[[Decimal], Scenario]) -> Decimal | None:
    def least(amount: Decimal) -> Decimal | None:
        try:
            return run(base.model, build(amount), base).minimum.value
        except Infeasible:
            return None

    start, end = base.minimum.value, least(limit)
    if start is None or end is None or start < 1 or end > 1:
        return None
    low, high = ZERO, limit
    middle = limit
    for _ in range(40):
        middle = (low + high) / 2
        found = least(middle)
        assert found is not None
        if abs(found - 1) < D("1e-6"):
            break
        low, high = (middle, high) if found > 1 else (low, middle)
    return middle


def examine(model: Model, scenarios: Sequence[Scenario] = SCENARIOS) -> tuple[Outcome, list[Stress]]:
    """The base case and its stress set."""
    base = run(model)
    return base, run_stress(base, scenarios)
