"""What a computed model comes to, as it is kept beside its inputs: plain values, rounded to six places."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from projects.cashflow.rules.debt import debt_capacity
from projects.cashflow.rules.engine import run
from projects.cashflow.rules.funding import blended_rate
from projects.cashflow.rules.inputs import Model
from projects.cashflow.rules.outcome import Outcome
from projects.cashflow.rules.returns import Figure
from projects.cashflow.rules.stress import SCENARIOS, Stress, fall_that_breaks, run_stress
from projects.cashflow.rules.verdict import Levels, judge

PLACES = Decimal("0.000001")
ZERO = Decimal(0)


def plain(value: Decimal | None) -> str | None:
    """A figure as text, rounded to six places."""
    return None if value is None else str(value.quantize(PLACES))


def capacity_of(base: Outcome, levels: Levels) -> Figure:
    """The debt that the cash of the repayment periods carries at the level of acceptance."""
    if base.first is None or base.last is None:
        return Figure(None, "no_debt")
    cash = base.cfads[base.first : base.last + 1]
    debt, _ = debt_capacity(cash, levels.base, blended_rate(base.model) / base.model.ppy)
    return Figure(max(debt, ZERO))


def figures_of(base: Outcome, levels: Levels) -> dict[str, Figure]:
    """The key figures in the order of the page."""
    return {
        "min_dscr": base.minimum,
        "avg_dscr": base.average,
        "pooled_dscr": base.pooled,
        "llcr": base.llcr_first,
        "plcr": base.plcr_first,
        "irr_before_tax": base.irr_before_tax,
        "irr_project": base.irr_project,
        "irr_equity": base.irr_equity,
        "npv": Figure(base.npv),
        "payback": base.payback,
        "payback_discounted": base.payback_discounted,
        "cost": Figure(base.funding.cost),
        "debt": Figure(base.funding.debt),
        "gearing": Figure(base.gearing),
        "capacity": capacity_of(base, levels),
        "tail_years": base.tail_years,
    }


def examine_model(model: Model, levels: Levels) -> tuple[Outcome, list[Stress], dict[str, Any]]:
    """The base case, its stress set, and what of them is kept. `Infeasible` where no schedule can be drawn."""
    base = run(model)
    stresses = run_stress(base, SCENARIOS)
    return base, stresses, summarise(base, stresses, levels)


def summarise(base: Outcome, stresses: Sequence[Stress], levels: Levels) -> dict[str, Any]:
    """Verdict, tests with their floors, key figures with their reasons, stress results with their floors."""
    verdict = judge(base, stresses, levels)
    return {
        "tone": verdict.tone or "none",
        "levels": {name: str(getattr(levels, name)) for name in Levels.__dataclass_fields__},
        "tests": [
            {"code": one.code, "value": plain(one.value), "floor": plain(one.floor), "tone": one.tone,
             "is_note": one.is_note}
            for one in verdict.tests
        ],
        "figures": {
            code: {"value": plain(one.value), "reason": one.reason} for code, one in figures_of(base, levels).items()
        },
        "stress": [
            {"code": one.scenario.code, "measure": one.measure, "value": plain(one.value), "floor": plain(one.floor),
             "passes": one.passes, "problem": one.problem,
             "min_dscr": plain(one.outcome.minimum.value) if one.outcome else None}
            for one in stresses
        ],
        "fall": plain(fall_that_breaks(base)),
    }  # fmt: skip
