"""The shape of an indicator."""

from decimal import Decimal
from typing import Any

from crm.kernel.declarations.parameters import register
from crm.kernel.parameters.rules.shapes import Problem, decimal_text, flag, mapping, one_of, optional, whole

# The families of the catalogue of indicators (rules 4), and what a threshold by grade may be read from.
FAMILIES = ("fin", "behav", "proj", "sec", "ext", "esg", "rel")
FREQUENCIES = ("daily", "weekly", "monthly", "quarterly", "half_yearly", "yearly", "event")
_workdays = whole(1, 60)
_threshold = optional(decimal_text("-100000", "100000"))
_indicator = mapping(
    {
        "family": one_of(FAMILIES),
        "direction": one_of(("up", "down")),
        "inclusive": flag,
        "amber": _threshold,
        "amber_by": one_of(("rating.renewal_lead_days",)),
        "red": _threshold,
        "unit": one_of(("days", "ratio")),
        "frequency": one_of(FREQUENCIES),
        "respond_workdays": mapping({"amber": _workdays, "red": _workdays}),
    },
    may_miss=["amber_by"],
)


def check_indicator(value: Any, path: str) -> list[Problem]:
    """One indicator: red lies beyond amber on the bad side; amber is a figure, or read by grade from a parameter."""
    problems = _indicator(value, path)
    if problems:
        return problems
    if value["red"] is None or (value["amber"] is None) != ("amber_by" in value):
        problems.append(Problem("red" if value["red"] is None else "amber", "decimal_text"))
    elif value["amber"] is not None:
        step = Decimal(value["red"]) - Decimal(value["amber"])
        if (step if value["direction"] == "up" else -step) < 0:
            problems.append(Problem("red", "not_ascending"))
    return problems


register(
    __file__,
    {
        "indicator.grade_expiry": check_indicator,
        "indicator.file_confirmation": check_indicator,
        "indicator.condition_overdue": check_indicator,
        "indicator.deal_capital": check_indicator,
        "indicator.deal_documents": check_indicator,
        "indicator.no_contact": check_indicator,
        "indicator.quiet_days": whole(0, 365),
    },
)
