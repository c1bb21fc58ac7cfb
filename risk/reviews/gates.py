"""What must hold before a deal goes to review: all gates are asked, all refusals are told together."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clients.file.models import Client
from clients.file.rules import identifiers
from crm.kernel.access.errors import RuleRefused, Text
from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.selectors import ParameterValue
from crm.kernel.workdays import clock
from projects.deals.models import Project
from projects.deals.rules.capital import capital_test
from risk.reviews.authority import authority_for, committee_refusal
from risk.reviews.rules.authority import Authority

HOME_CURRENCY = "CNY"
CODES = (
    "authority.matrix",
    "authority.modifiers",
    "capital.ratios",
    "deal.products",
    "review.min_investigators",
    "review.sla_workdays",
    "review.conflict_lookback_months",
)


@dataclass(frozen=True)
class Passed:
    """A deal that may be submitted: the authority it needs and the rules it was measured by."""

    authority: Authority
    rules: dict[str, ParameterValue]


def check(project: Project, dossier: dict[str, Any]) -> Passed:
    """Refuse (RuleRefused, every field and reason) or say which authority must decide. One query.

    `project` under its lock with client and standing; `dossier` is what would be frozen.
    """
    rules = parameters.values(CODES)
    errors: dict[str, list[Text]] = {}

    def refuse(field: str, reason: Text) -> None:
        errors.setdefault(field, []).append(reason)

    _identity(project.client, refuse)
    _investigators(dossier, rules["review.min_investigators"].value, refuse)
    _capital(project, rules, refuse)
    _grade(project.client, refuse)
    if project.amount <= 0:
        refuse("amount", _("The amount must be more than zero."))
    if project.currency != HOME_CURRENCY:
        refuse("currency", _("Only yuan can be reviewed for now: there are no exchange rates in this system yet."))
    authority = None
    if not errors:
        authority = authority_for(project, dossier["exposure"], rules)
        if authority.needs_committee:
            refuse("amount", committee_refusal(authority))
    if errors or authority is None:
        raise RuleRefused(errors=errors, code="gates")
    return Passed(authority, rules)


def _identity(client: Client, refuse: Any) -> None:
    if client.is_individual:
        number = client.identity_number or ""
        if identifiers.identity_number(number, today=clock.today()).error:
            refuse("client", _("The client has no valid identity number."))
    elif identifiers.credit_code(client.credit_code or "").error:
        refuse("client", _("The client has no valid unified social credit code."))


def _investigators(dossier: dict[str, Any], wanted: int, refuse: Any) -> None:
    """Rules 1.1 (双人调查): lead and assistant, two different people."""
    people = {row["person"] for row in dossier["investigators"].values()}
    if len(people) < wanted:
        refuse(
            "investigators",
            _("Two different people investigate a deal: name the lead and the assistant investigator."),
        )


def _capital(project: Project, rules: dict[str, ParameterValue], refuse: Any) -> None:
    """Rules 1.8, for the products the catalogue marks."""
    product = next((row for row in rules["deal.products"].value if row["code"] == project.product), None)
    if product is None:
        refuse("product", _("This product is no longer offered."))
    elif product["capital_test"]:
        found = capital_test(
            total_investment=project.total_investment,
            capital=project.capital,
            sector=project.sector,
            table=rules["capital.ratios"].value,
        )
        if found.outcome == "missing":
            refuse("capital", _("Total investment and capital are needed for the capital ratio test."))
        elif found.outcome == "unknown_sector":
            refuse("sector", _("The capital ratio table does not know this sector."))
        elif found.outcome == "capital_above_total":
            refuse("capital", _("The capital cannot be more than the total investment."))
        elif not found.passed:
            refuse(
                "capital",
                _("The capital is %(ratio)s of the total investment; this sector asks for %(minimum)s.")
                % {"ratio": _percent(found.ratio), "minimum": _percent(found.minimum)},
            )


def _percent(fraction: Any) -> str:
    """Cut, not rounded: 19.999 % must not read as 20 %."""
    hundredths = int(fraction * 10000)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _grade(client: Client, refuse: Any) -> None:
    standing = getattr(client, "standing", None)
    if standing is None or not standing.grade:
        refuse("grade", _("The client has no grade yet."))
    elif not standing.grade_is_valid:
        refuse("grade", _("The client's grade expired on %(day)s.") % {"day": standing.grade_until})
