"""The terms an approval carries: never more than was asked, never more than an earlier stage carried. Pure.

Source: rules-2 section 7.3 (核减).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Problem = Literal["not_positive", "above", "draw_above_term"]
FIELDS = ("amount", "term_months", "draw_months")


@dataclass(frozen=True)
class Terms:
    """Amount in yuan, term and draw-down period in months (None: no draw-down period was stated)."""

    amount: Decimal
    term_months: int
    draw_months: int | None = None


def find_ceiling(asked: Terms, carried: Iterable[Terms]) -> Terms:
    """The most that may be carried now: of each term the smallest of what was asked and what the stages carried."""
    rows = [asked, *carried]
    draws = [row.draw_months for row in rows if row.draw_months is not None]
    return Terms(min(row.amount for row in rows), min(row.term_months for row in rows), min(draws) if draws else None)


def carry_terms(
    ceiling: Terms,
    *,
    amount: Decimal | None = None,
    term_months: int | None = None,
    draw_months: int | None = None,
) -> tuple[Terms, dict[str, Problem]]:
    """The terms carried, and what is wrong by field. A term that is not given stays at the ceiling."""
    terms = Terms(
        ceiling.amount if amount is None else amount,
        ceiling.term_months if term_months is None else term_months,
        ceiling.draw_months if draw_months is None else draw_months,
    )
    problems: dict[str, Problem] = {}
    for name in FIELDS:
        value, most = getattr(terms, name), getattr(ceiling, name)
        if value is None:
            continue
        if value <= 0:
            problems[name] = "not_positive"
        elif most is not None and value > most:
            problems[name] = "above"
    if not problems and terms.draw_months is not None and terms.draw_months > terms.term_months:
        problems["draw_months"] = "draw_above_term"
    return terms, problems


def find_gap(*, need: Decimal, amount: Decimal) -> Decimal:
    """What the sponsors must still bring: `need` is total investment − counted capital − other sources."""
    return max(need - amount, Decimal(0))
