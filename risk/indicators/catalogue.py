"""The catalogue of indicators: thresholds, deadlines and the parameters they rest on, in one query."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.selectors import ParameterValue
from risk.indicators.models import Indicator

LEAD, SECTORS, PRODUCTS, QUIET = "rating.renewal_lead_days", "capital.ratios", "deal.products", "indicator.quiet_days"
# What an indicator's verdict rests on beside its own parameter.
BESIDE: Mapping[str, tuple[str, ...]] = {
    Indicator.GRADE_EXPIRY: (LEAD,),
    Indicator.DEAL_CAPITAL: (SECTORS, PRODUCTS),
}


def code_of(indicator: str) -> str:
    """The parameter of an indicator."""
    return f"indicator.{indicator}"


CODES = (*(code_of(indicator) for indicator in Indicator.values), LEAD, SECTORS, PRODUCTS, QUIET)


def in_force(day: date) -> dict[str, dict[str, Any]]:
    """The rules of a day by code, as a run keeps them: `{"value", "stamp"}`. One query."""
    found = parameters.values(CODES, on=day)
    return {code: {"value": item.value, "stamp": item.as_stamp()} for code, item in found.items()}


def thresholds(*, on: date | None = None) -> dict[str, ParameterValue]:
    """The parameter of each indicator on a day, by indicator. One query."""
    found = parameters.values([code_of(indicator) for indicator in Indicator.values], on=on)
    return {code.removeprefix("indicator."): item for code, item in found.items()}


def stamps(rules: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Per indicator the versions its verdict rests on, its own first."""
    return {
        indicator: [rules[code]["stamp"] for code in (code_of(indicator), *BESIDE.get(indicator, ()))]
        for indicator in Indicator.values
    }
