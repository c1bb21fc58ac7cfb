"""The authority rule asked with a deal's facts, and its reasons in words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.access.errors import Text
from crm.kernel.parameters.selectors import ParameterValue
from crm.kernel.people.roles import AuthorityLevel
from crm.kernel.text.sentences import told
from projects.deals.models import Project
from risk.reviews import parameter_codes as codes
from risk.reviews.rules.authority import Authority, required_level

TEN_THOUSAND = Decimal(10000)
# Reasons whose interval begins at zero are told without a lower bound: no level below decides this grade.
FROM_NOTHING = {"within_limit": "within_first_limit", "above_all_limits": "above_no_limit"}


def find_authority(project: Project, exposure: Mapping[str, Any], rules: dict[str, ParameterValue]) -> Authority:
    """The level that must decide this deal, by the rules handed in. A grade that is not valid today counts as none."""
    standing = getattr(project.client, "standing", None)
    grade = standing.grade if standing is not None and standing.grade_is_valid else None
    fixed = {row["code"] for row in rules["deal.products"].value if row["kind"] == "fixed_asset"}
    return required_level(
        grade=grade,
        exposure=Decimal(exposure["total"]),
        secured=project.secured,
        fully_margined=bool(project.is_fully_margined),
        tenor_months=project.term_months,
        is_fixed_asset=project.product in fixed,
        matrix=rules["authority.matrix"].value,
        modifiers=rules["authority.modifiers"].value,
    )


def describe_authority(found: Authority, rules: dict[str, ParameterValue]) -> dict[str, Any]:
    """What the case keeps: level, figures, reasons, and the versions of the rules."""
    return {**found.as_data(), "rules": [rules[code].as_stamp() for code in codes.AUTHORITY if code in rules]}


def needs_committee(level: int, rules: dict[str, ParameterValue]) -> bool:
    """Whether the matrix sends this level through the committee first."""
    rows = rules["authority.matrix"].value["levels"]
    return bool(next((row["committee"] for row in rows if row["level"] == level), True))


def format_level(level: int) -> str:
    """The level's name in the reader's language."""
    return str(AuthorityLevel(level).label)


def format_board_refusal() -> Text:
    """Why nothing goes to the board here."""
    return _("The next level is the board, whose resolutions are not recorded here.")


def format_above_refusal(found: Authority) -> Text:
    """Why a deal of the board's level is not reviewed here."""
    return _("This project needs a resolution of the %(level)s, which is not recorded here. %(why)s") % {
        "level": format_level(found.level),
        "why": told(format_reasons(found.as_data())),
    }


def format_wan(amount: str | Decimal) -> str:
    """Yuan as 万元 with thousands and two decimals; more only where two would round it, and without trailing zeros."""
    exact = Decimal(amount) / TEN_THOUSAND
    return f"{exact:,.2f}" if exact == round(exact, 2) else f"{exact:,.6f}".rstrip("0")


def format_reasons(authority: dict[str, Any]) -> list[str]:
    """The reasons behind a level in the reader's language; `authority` as the case keeps it. Amounts in 10,000 yuan."""
    return [_sentence(reason["code"], reason["figures"]) for reason in authority.get("reasons", ())]


def _sentence(code: str, figures: dict[str, Any]) -> str:
    shown: dict[str, Any] = dict(figures)
    for name in ("exposure", "lower", "upper", "limit"):
        if name in shown:
            shown[name] = format_wan(shown[name])
    if "level" in shown:
        shown["level"] = format_level(int(shown["level"]))
    if code in FROM_NOTHING and Decimal(figures["lower"]) == 0:
        code = FROM_NOTHING[code]
    return _texts()[code] % shown


def _texts() -> dict[str, str]:
    return {
        "within_limit": _(
            "Exposure including this project: %(exposure)s (CNY 10,000), grade %(grade)s. Above %(lower)s and up "
            "to %(upper)s the %(level)s decides."
        ),
        "above_all_limits": _(
            "Exposure including this project: %(exposure)s (CNY 10,000), grade %(grade)s. Above %(lower)s the "
            "%(level)s decides."
        ),
        "within_first_limit": _(
            "Exposure including this project: %(exposure)s (CNY 10,000), grade %(grade)s. Up to %(upper)s the "
            "%(level)s decides."
        ),
        "above_no_limit": _(
            "Exposure including this project: %(exposure)s (CNY 10,000), grade %(grade)s. For this grade the "
            "%(level)s decides every amount."
        ),
        "no_valid_grade": _("Without a valid grade the client counts as %(counted_as)s."),
        "unsecured": _("Unsecured: all limits are multiplied by %(factor)s."),
        "full_margin": _("Covered by cash margin in full: all limits are multiplied by %(factor)s."),
        "esg_class_a": _("Environmental and social class A: one level higher, the %(level)s decides."),
        "related_party": _("Related party: the %(level)s decides whatever the amount."),
        "restructuring_only": _(
            "The limit of %(limit)s (CNY 10,000) of the %(level)s for grade %(grade)s applies only to "
            "restructuring existing exposure."
        ),
        "long_tenor": _(
            "A term of %(tenor_months)s months exceeds %(bound_months)s months: the %(level)s or above must decide."
        ),
        "changed_approval": _("The approval that is to be changed was given at this level: %(level)s."),
        "escalated": _("Escalated from the %(level)s: %(reason)s"),
    }
