"""What may be written into a deal: the shape of each fact, judged in one place for page, API and import."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput, RuleRefused, Text
from crm.kernel.access.inputs import checked
from crm.kernel.parameters import selectors as parameters
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
)
FEN = Decimal("0.01")
MONEY = ("amount", "total_investment", "capital")
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
    for name in MONEY:
        if clean.get(name) is not None:
            clean[name] = clean[name].quantize(FEN)
    _together({**(beside or {}), **clean})
    return clean


def _together(facts: Mapping[str, Any]) -> None:
    total, capital = facts.get("total_investment"), facts.get("capital")
    if total is not None and capital is not None and capital > total:
        raise RuleRefused(
            _("The capital cannot be more than the total investment."), field="capital", code="capital_above_total"
        )


def _refusal(name: str, value: Any, known: Catalogue) -> Text | None:
    """Why a value of sound shape is refused all the same; None if it is not."""
    if name == "amount" and value <= 0:
        return _("The amount must be more than zero.")
    if name in MONEY and value is not None and value < 0:
        return _("The amount must not be negative.")
    if name == "term_months" and not 1 <= value <= known.max_term:
        return _("Between 1 and %(most)d months.") % {"most": known.max_term}
    offered = {"product": known.products, "sector": known.sectors, "currency": known.currencies}.get(name)
    if offered is not None and value not in offered:
        return _("Choose one of: %(codes)s.") % {"codes": ", ".join(offered)}
    return None
