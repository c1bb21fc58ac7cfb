"""The catalogue of indicators: thresholds, deadlines and the parameters they rest on, in one query."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.kernel.parameters import selectors as parameters
from risk.indicators.models import Indicator

LEAD, SECTORS, PRODUCTS, QUIET = "rating.renewal_lead_days", "capital.ratios", "deal.products", "indicator.quiet_days"
# What an indicator's verdict rests on beside its own parameter.
BESIDE: Mapping[str, tuple[str, ...]] = {
    Indicator.GRADE_EXPIRY: (LEAD,),
    Indicator.DEAL_CAPITAL: (SECTORS, PRODUCTS),
}


# The parameter of each indicator.
CODE_OF: Mapping[str, str] = {
    Indicator.GRADE_EXPIRY: "indicator.grade_expiry",
    Indicator.FILE_CONFIRMATION: "indicator.file_confirmation",
    Indicator.CONDITION_OVERDUE: "indicator.condition_overdue",
    Indicator.DEAL_CAPITAL: "indicator.deal_capital",
    Indicator.DEAL_DOCUMENTS: "indicator.deal_documents",
    Indicator.NO_CONTACT: "indicator.no_contact",
}
CODES = (*CODE_OF.values(), LEAD, SECTORS, PRODUCTS, QUIET)


def in_force(day: date) -> dict[str, dict[str, Any]]:
    """The rules of a day by code, as a run keeps them: `{"value", "stamp"}`. One query."""
    found = parameters.values(CODES, on=day)
    return {code: {"value": item.value, "stamp": item.as_stamp()} for code, item in found.items()}


def stamps(rules: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Per indicator the versions its verdict rests on, its own first."""
    return {
        indicator: [rules[code]["stamp"] for code in (CODE_OF[indicator], *BESIDE.get(indicator, ()))]
        for indicator in Indicator.values
    }
