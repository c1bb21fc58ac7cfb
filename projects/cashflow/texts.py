"""What lines, assumptions, problems, figures and scenarios of a cash-flow model are called."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.kernel.access.errors import Text
from projects.cashflow.models import CashflowModel

LINES: dict[str, Text] = {
    "capex": gettext_lazy("Investment"),
    "revenue": pgettext_lazy("cash flow", "Revenue"),
    "opex": gettext_lazy("Cash operating cost"),
    "maintenance": gettext_lazy("Maintenance investment"),
    "working_capital": gettext_lazy("Increase of working capital"),
    "depreciation": gettext_lazy("Depreciation (if not straight)"),
    "tax": gettext_lazy("Income tax"),
    "cfads": gettext_lazy("Cash available for debt service (CFADS)"),
}
FACTS: dict[str, Text] = {
    "gearing": gettext_lazy("debt share of the investment (%)"),
    "idc_method": gettext_lazy("interest during construction"),
    "idc_paid_by": gettext_lazy("interest during construction paid from"),
    "upfront_fee": gettext_lazy("upfront fee (%)"),
    "commitment_fee": gettext_lazy("commitment fee (% a year)"),
    "facility": gettext_lazy("facility for the fees"),
    "cash_mode": gettext_lazy("cash flow"),
    "life_years": gettext_lazy("years of depreciation"),
    "residual": gettext_lazy("residual value (%)"),
    "residual_recovered": gettext_lazy("The residual value is recovered at the end"),
    "tax_mode": gettext_lazy("income tax"),
    "tax_rates": gettext_lazy("tax rates by year of operation (%)"),
    "loss_years": gettext_lazy("years a loss can be used"),
    "target_dscr": gettext_lazy("DSCR that sculpted debt aims at"),
    "hurdle": gettext_lazy("required return on capital (%)"),
    "npv_rate": gettext_lazy("discount rate (%)"),
    "reserve_months": gettext_lazy("months of debt service in reserve"),
    "reserve_opening": gettext_lazy("reserve at the beginning"),
    "sweep": gettext_lazy("share of excess cash that prepays (%)"),
    "life_fixed_end": gettext_lazy("The concession ends on a fixed day: a delay shortens operation"),
    "shift_maturity": gettext_lazy("A delay moves the final maturity"),
    "tranches": gettext_lazy("Loans"),
}
CHOICES: dict[str, Text] = {
    "half_period": gettext_lazy("half a period on draws of the period"),
    "opening": gettext_lazy("on the opening balance"),
    "funding": gettext_lazy("debt and capital"),
    "equity": gettext_lazy("capital alone"),
    "built": gettext_lazy("from revenue and cost"),
    "given": pgettext_lazy("cash flow", "entered"),
    "computed": pgettext_lazy("cash flow", "computed"),
    "none": pgettext_lazy("cash flow", "none"),
}
KINDS: dict[str, Text] = {
    "equal": gettext_lazy("Equal principal"),
    "level": gettext_lazy("Level debt service"),
    "bullet": gettext_lazy("At maturity"),
    "custom": gettext_lazy("By shares"),
    "sculpted": gettext_lazy("Sculpted to cash flow"),
}
TRANCHE: dict[str, Text] = {
    "name": gettext_lazy("name"),
    "share": gettext_lazy("share of draws (%)"),
    "rate": gettext_lazy("rate (% a year)"),
    "kind": gettext_lazy("repayment"),
    "periods": gettext_lazy("repayment periods"),
    "grace": gettext_lazy("of which interest only"),
    "floating": gettext_lazy("floating share (%)"),
    "capitalised": gettext_lazy("interest added to principal in grace"),
    "shares": gettext_lazy("shares of principal (%)"),
}
PROBLEMS: dict[str, Text] = {
    "not_a_figure": gettext_lazy("this is no figure"),
    "not_whole": gettext_lazy("this must be a whole number"),
    "missing": gettext_lazy("this is missing"),
    "unknown": gettext_lazy("this is no choice"),
    "not_regular": gettext_lazy("this is out of range"),
    "no_outlay": gettext_lazy("no investment is entered"),
    "no_operation": gettext_lazy("no period of operation is entered"),
    "too_long": gettext_lazy("more than 240 periods"),
    "periods_differ": gettext_lazy("a figure is missing for a period"),
    "not_an_amount": gettext_lazy("an amount is too large"),
    "negative": gettext_lazy("this may not be below zero"),
    "not_a_share": gettext_lazy("this must be between 0% and 100%"),
    "no_tranche": gettext_lazy("a debt share is given, but no loan"),
    "shares_off": gettext_lazy("the shares do not add up to 100%"),
    "one_sculpted": gettext_lazy("only one loan can be sculpted"),
    "target_wrong": gettext_lazy("a target from 1 to 5 needs a sculpted loan"),
    "beyond_operation": gettext_lazy("repayment lasts longer than operation"),
    "no_repayment_left": gettext_lazy("no period of repayment is left after the grace"),
    "sculpting_infeasible": gettext_lazy(
        "the cash flow of some period does not cover its interest: it cannot be sculpted"
    ),
    "given_cash": gettext_lazy("cost cannot change where the cash flow is entered as a whole"),
}
FIGURES: dict[str, tuple[Text, str, Text]] = {
    "min_dscr": (
        gettext_lazy("Lowest DSCR"),
        "multiple",
        gettext_lazy("The lowest of all periods: cash available for debt service divided by interest and principal."),
    ),
    "avg_dscr": (
        gettext_lazy("Average DSCR"), "multiple", gettext_lazy("Mean of the DSCR of all periods with debt service."),
    ),
    "pooled_dscr": (
        gettext_lazy("Pooled DSCR"),
        "multiple",
        gettext_lazy("All cash of the periods with debt service divided by all debt service."),
    ),
    "llcr": (
        gettext_lazy("LLCR"),
        "multiple",
        gettext_lazy("Present value of the cash until the final maturity divided by the debt, at the first repayment."),
    ),
    "plcr": (
        gettext_lazy("PLCR"),
        "multiple",
        gettext_lazy("Present value of all cash of operation divided by the debt, at the first repayment."),
    ),
    "irr_before_tax": (
        gettext_lazy("Project IRR before tax"),
        "percent",
        gettext_lazy("Rate at which investment and cash before tax have a present value of 0, effective a year."),
    ),
    "irr_project": (
        gettext_lazy("Project IRR after tax"),
        "percent",
        gettext_lazy("The same after the tax that would be due without debt."),
    ),
    "irr_equity": (
        gettext_lazy("IRR of the capital"),
        "percent",
        gettext_lazy("Rate at which paid-in capital and the cash left after debt service have a present value of 0."),
    ),
    "npv": (
        gettext_lazy("NPV"),
        "amount",
        gettext_lazy("Cash flow of the project after tax, discounted at the discount rate of the model."),
    ),
    "payback": (
        gettext_lazy("Payback (static)"),
        "years",
        gettext_lazy("Years from the beginning until the cash flow of the project has returned the investment."),
    ),
    "payback_discounted": (
        gettext_lazy("Payback (dynamic)"),
        "years",
        gettext_lazy("The same with discounted cash flow."),
    ),
    "cost": (
        gettext_lazy("Total investment in the model"),
        "amount",
        gettext_lazy("Investment, fees and interest during construction."),
    ),
    "debt": (gettext_lazy("Debt at completion"), "amount", gettext_lazy("All draws together.")),
    "gearing": (
        gettext_lazy("Gearing"), "percent", gettext_lazy("Debt at completion divided by the total investment."),
    ),
    "capacity": (
        gettext_lazy("Debt capacity"),
        "amount",
        gettext_lazy("Debt that the cash of the repayment periods carries at the required DSCR and the blended rate."),
    ),
    "tail_years": (
        gettext_lazy("Tail"), "years", gettext_lazy("Years of operation after the final maturity."),
    ),
    "stress": (gettext_lazy("Stress tests not met"), "count", gettext_lazy("How many of S1 to S6 miss their floor.")),
}  # fmt: skip
REASONS: dict[str, Text] = {
    "no_sign_change": gettext_lazy("the cash flow never changes its sign"),
    "several_irr": gettext_lazy("several rates fit; the one nearest to 0 is shown"),
    "no_root": gettext_lazy("no rate between −99% and 2,000% fits"),
    "no_service": gettext_lazy("there is no debt service"),
    "no_debt": gettext_lazy("there is no debt"),
    "no_interest": gettext_lazy("there is no interest"),
    "never": gettext_lazy("not within the life of the model"),
    "no_outlay": gettext_lazy("there is no outlay"),
    "no_room": gettext_lazy("no room is left"),
}
SCENARIOS: dict[str, Text] = {
    "base": gettext_lazy("Base case"),
    "S1": gettext_lazy("Revenue −10%"),
    "S2": gettext_lazy("Operating cost +10%"),
    "S3": gettext_lazy("Investment +10%, paid by capital"),
    "S4": gettext_lazy("Interest rate +100 bp"),
    "S4b": gettext_lazy("Interest rate +200 bp"),
    "S5": gettext_lazy("Completion 12 months late"),
    "S6": gettext_lazy("S1, S2 and S4 together"),
    "S7": gettext_lazy("Fall of cash that keeps every DSCR at 1.00"),
}
MEASURES: dict[str, Text] = {
    "min_dscr": gettext_lazy("Lowest DSCR"),
    "equity_irr": gettext_lazy("IRR of the capital"),
    "llcr": gettext_lazy("LLCR"),
}
VARIABLES: dict[str, Text] = {
    "revenue": gettext_lazy("Revenue ±10%"),
    "opex": gettext_lazy("Operating cost ±10%"),
    "capex": gettext_lazy("Investment ±10%"),
    "rate": gettext_lazy("Interest rate ±100 bp"),
}
RISES: dict[str, Text] = {
    "revenue": gettext_lazy("Revenue may fall by"),
    "opex": gettext_lazy("Operating cost may rise by"),
    "rate": gettext_lazy("The interest rate may rise by"),
}
ROWS: dict[str, Text] = {
    **LINES,
    "depreciation": gettext_lazy("Depreciation"),
    "interest": pgettext_lazy("cash flow", "Interest"),
    "principal": pgettext_lazy("cash flow", "Principal"),
    "service": gettext_lazy("Debt service"),
    "opening": gettext_lazy("Debt at the beginning"),
    "dscr": gettext_lazy("DSCR"),
    "rolling": gettext_lazy("DSCR of twelve months"),
    "llcr": gettext_lazy("LLCR"),
    "cover": gettext_lazy("Debt service cover (Chinese measure)"),
    "interest_cover": gettext_lazy("Interest cover"),
}


def word_fault(row: CashflowModel, fault: Mapping[str, Any]) -> str:
    """A problem with its place: which loan, which line and which period; and what was typed."""
    words: dict[str, Any] = {"problem": PROBLEMS.get(fault["code"], fault["code"]), "text": fault["text"]}
    if fault["line"]:
        words["name"] = LINES[fault["line"]]
        if fault["period"] is None:
            text = _("%(name)s: %(problem)s") % words
        else:
            is_construction = fault["line"] == "capex"
            label = row.construction_label if is_construction else row.operation_label
            text = _("%(name)s, %(period)s: %(problem)s") % {**words, "period": label(fault["period"])}
    elif fault["tranche"] is not None:
        words |= {"number": fault["tranche"] + 1, "name": TRANCHE.get(fault["fact"], "")}
        text = _("Loan %(number)s, %(name)s: %(problem)s") % words
    elif fault["fact"]:
        facts = {**FACTS, "ppy": _("periods"), "operation": _("periods of operation")}
        text = _("%(name)s: %(problem)s") % {**words, "name": facts.get(fault["fact"], fault["fact"])}
    else:
        text = _("The model: %(problem)s") % words
    return _("%(text)s (“%(typed)s”)") % {"text": text, "typed": fault["text"]} if fault["text"] else text
