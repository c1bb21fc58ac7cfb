"""What may be written into a deal: the shape of each fact, judged in one place for page, API and import."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput, RuleRefused, Text
from crm.kernel.access.inputs import checked
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from projects.deals.models import Project

FACTS = (
    "name",
    "product",
    "sector",
    "amount",
    "currency",
    "term_months",
    "secured",
    "purpose",
    "total_investment",
    "capital",
    "capital_know_how",
    "capital_instruments",
    "capital_not_counted",
    "other_sources",
    "short_board_points",
    "short_board_reason",
    "approval_kind",
    "approval_no",
    "approval_date",
    "rate_kind",
    "rate_spread_bp",
    "rate_fixed",
    "repayment",
    "security_kinds",
    "is_fully_margined",
    "draw_months",
    "validity_months",
    "term_reason",
    "sector_reason",
)
FEN = Decimal("0.01")
PARTS = ("capital_know_how", "capital_instruments", "capital_not_counted")
MONEY = ("amount", "total_investment", "capital", *PARTS, "other_sources")
# A reduction is at most five percentage points (国发〔2019〕26号), a rate at most the judicial ceiling of usury.
BOUNDS: dict[str, tuple[Decimal, Decimal]] = {
    "short_board_points": (Decimal("0.01"), Decimal(5)),
    "rate_spread_bp": (Decimal(-500), Decimal(2000)),
    "rate_fixed": (Decimal("0.0001"), Decimal(24)),
    "draw_months": (Decimal(1), Decimal(120)),
    "validity_months": (Decimal(1), Decimal(12)),
}
CODES = ("deal.products", "capital.ratios", "deal.currencies", "deal.max_term_months")


@dataclass(frozen=True)
class Catalogue:
    """The words and limits of today, read in one query: code → word in the reader's language."""

    products: dict[str, str]
    sectors: dict[str, str]
    currencies: dict[str, str]
    tested: frozenset[str]
    max_term: int

    def product(self, code: str) -> str:
        """The product's word; the bare code when the catalogue dropped it."""
        return self.products.get(code, code)

    def sector(self, code: str) -> str:
        return self.sectors.get(code, code)

    def currency(self, code: str) -> str:
        return self.currencies.get(code, code)


def catalogue() -> Catalogue:
    """Products, capital sectors, currencies and the longest term in force today. One query."""
    found = parameters.values(CODES)
    return Catalogue(
        products=dict(parameters.choices_of(found["deal.products"])),
        sectors={row["code"]: parameters.label(row) for row in found["capital.ratios"].value["sectors"]},
        currencies=dict(parameters.choices_of(found["deal.currencies"])),
        tested=frozenset(row["code"] for row in found["deal.products"].value if row["capital_test"]),
        max_term=found["deal.max_term_months"].value,
    )


def checked_facts(
    given: Mapping[str, Any], *, known: Catalogue, beside: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The facts of `given`, cleaned. BadInput names each field of a wrong shape, RuleRefused what cannot go together.

    `beside` holds the facts that are not changed, for rules over two fields. Amounts are Decimal, in `currency`.
    """
    clean = checked(Project, given, allowed=FACTS)
    errors = {name: text for name, value in clean.items() if (text := _refusal(name, value, known))}
    if errors:
        raise BadInput(errors={name: [text] for name, text in errors.items()})
    if "name" in clean:
        clean["name"] = " ".join(clean["name"].split())
    if "security_kinds" in clean:
        clean["security_kinds"] = sorted(clean["security_kinds"] or ()) or None
    if clean.get("is_fully_margined") is False:
        clean["is_fully_margined"] = None
    for name in MONEY:
        if clean.get(name) is not None:
            clean[name] = clean[name].quantize(FEN)
    _together({**(beside or {}), **clean})
    return clean


def _together(facts: Mapping[str, Any]) -> None:
    """RuleRefused for facts that contradict each other."""
    total, capital = facts.get("total_investment"), facts.get("capital")
    if total is not None and capital is not None and capital > total:
        raise RuleRefused(
            _("The capital cannot be more than the total investment."), field="capital", code="capital_above_total"
        )
    parts = {name: facts.get(name) or Decimal(0) for name in PARTS}
    if sum(parts.values()) > (capital or Decimal(0)):
        raise RuleRefused(
            _("The parts of the capital add up to more than the capital."),
            field=max(parts, key=lambda name: parts[name]),
            code="parts_above_capital",
        )
    for name, text in _contradictions(facts):
        raise RuleRefused(text, field=name, code="contradiction")


def _contradictions(facts: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    """(field, reason) of terms of the deal that cannot stand together."""
    kind, is_secured = facts.get("rate_kind"), facts.get("secured")
    if kind == Project.RateKind.FIXED and facts.get("rate_fixed") is None:
        yield "rate_fixed", _("State the fixed rate.")
    if kind in (Project.RateKind.LPR_1Y, Project.RateKind.LPR_5Y) and facts.get("rate_spread_bp") is None:
        yield "rate_spread_bp", _("State the spread over the LPR; 0 if there is none.")
    if kind != Project.RateKind.FIXED and facts.get("rate_fixed") is not None:
        yield "rate_fixed", _("Only a fixed-rate project has a fixed rate.")
    if kind in (None, Project.RateKind.FIXED) and facts.get("rate_spread_bp") is not None:
        yield "rate_spread_bp", _("Only a rate based on the LPR has a spread.")
    if is_secured is False and facts.get("security_kinds"):
        yield "security_kinds", _("An unsecured project has no kinds of security.")
    if facts.get("is_fully_margined") and not is_secured:
        yield "is_fully_margined", _("An unsecured project is not covered by cash margin.")
    if facts.get("is_fully_margined") and Project.SecurityKind.CASH_MARGIN not in (facts.get("security_kinds") or ()):
        yield "is_fully_margined", _("Choose cash margin among the kinds of security.")
    if (facts.get("draw_months") or 0) > (facts.get("term_months") or 0) > 0:
        yield "draw_months", _("The draw-down period cannot be longer than the term.")


def _refusal(name: str, value: Any, known: Catalogue) -> Text | None:
    """Why a value of sound shape is refused all the same; None if it is not."""
    if name == "amount" and value <= 0:
        return _("The amount must be more than zero.")
    if name in MONEY and value is not None and value < 0:
        return _("The amount must not be negative.")
    if name == "term_months" and not 1 <= value <= known.max_term:
        return _("Between 1 and %(most)d months.") % {"most": known.max_term}
    if name in BOUNDS and value is not None and not BOUNDS[name][0] <= value <= BOUNDS[name][1]:
        low, high = BOUNDS[name]
        return _("Between %(low)s and %(high)s.") % {"low": low, "high": high}
    if name == "approval_date" and value is not None and value > clock.today():
        return _("This day is still to come.")
    if name == "security_kinds" and value and len(set(value)) < len(value):
        return _("Each kind of security is named once.")
    offered = {"product": known.products, "sector": known.sectors, "currency": known.currencies}.get(name)
    if offered is not None and value not in offered:
        return _("Choose one of: %(codes)s.") % {"codes": ", ".join(offered)}
    return None
