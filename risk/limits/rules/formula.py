"""The credit limit of a client (授信限额): the least of its terms, rounded down (rules-2 6.2, 6.3; rules 3.3). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal, localcontext
from typing import Any, Literal

NEED, NET_WORTH, SECTOR, LOANS, EXPOSURE, GROUP = "need", "net_worth", "sector", "loans", "exposure", "group"
# A term that is not known stops the limit; one that does not apply or is switched off leaves it alone.
State = Literal["counts", "unknown", "off"]
ZERO = Decimal(0)


@dataclass(frozen=True)
class Term:
    """One term in yuan: what it caps the limit at, and the figures it comes from, as text."""

    code: str
    state: State
    cap: Decimal | None = None
    figures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Capital:
    """Own capital of the institution in yuan, None where not told or too old (rules-2 6.2)."""

    net: Decimal | None = None
    tier1: Decimal | None = None


@dataclass(frozen=True)
class Used:
    """What of the caps is taken outside of this limit, in yuan: by loans of the client, all its exposure, its group."""

    loans: Decimal = ZERO
    exposure: Decimal = ZERO
    group: Decimal = ZERO


@dataclass(frozen=True)
class Limit:
    """The limit in yuan, None while a term is unknown; the term that binds; all terms."""

    amount: Decimal | None
    binding: str
    terms: tuple[Term, ...]

    @property
    def unknown(self) -> list[str]:
        """Codes of the terms that stop it."""
        return [term.code for term in self.terms if term.state == "unknown"]


def work_out_limit(
    *,
    grade: str | None,
    has_net_worth: bool,
    net_worth: Decimal | None,
    need: Decimal | None,
    capital: Capital,
    table: Mapping[str, Any],
    sector_room: Decimal | None = None,
    used: Used | None = None,
) -> Limit:
    """`has_net_worth`: False for a project company, whose net worth is no term. `need`: working-capital need or debt
    capacity. `table`: the parameter `limit.formula`. Never below 0; rounded down to its step.
    """
    taken = used or Used()
    terms = (
        _by_net_worth(grade, has_net_worth, net_worth, table["coefficients"]),
        Term(NEED, "unknown") if need is None else Term(NEED, "counts", need, {"need": str(need)}),
        Term(SECTOR, "off") if sector_room is None else Term(SECTOR, "counts", sector_room, {}),
        _by_capital(LOANS, capital.net, table["caps"]["loans"], taken.loans),
        _by_capital(EXPOSURE, capital.tier1, table["caps"]["exposure"], taken.exposure),
        _by_capital(GROUP, capital.tier1, table["caps"]["group"], taken.group),
    )
    caps = {term.code: term.cap for term in terms if term.cap is not None}
    if any(term.state == "unknown" for term in terms):
        return Limit(None, "", terms)
    binding = min(caps, key=lambda code: caps[code])
    step = Decimal(table["step"])
    return Limit(max(ZERO, (caps[binding] / step).to_integral_value(ROUND_FLOOR) * step), binding, terms)


def _by_net_worth(
    grade: str | None, has_net_worth: bool, net_worth: Decimal | None, coefficients: Mapping[str, str]
) -> Term:
    """Coefficient of the grade × tangible net worth; without a valid grade nothing is known."""
    if grade is None or (has_net_worth and net_worth is None):
        return Term(NET_WORTH, "unknown", None, {"grade": grade or ""})
    factor = coefficients[grade]
    if not has_net_worth:
        # A grade that gets nothing gets nothing as a project company either.
        state: State = "off" if Decimal(factor) > 0 else "counts"
        return Term(NET_WORTH, state, None if state == "off" else ZERO, {"grade": grade, "factor": factor})
    assert net_worth is not None
    with localcontext(prec=60):
        cap = max(ZERO, Decimal(factor) * net_worth)
    return Term(NET_WORTH, "counts", cap, {"grade": grade, "factor": factor, "net_worth": str(net_worth)})


def _by_capital(code: str, base: Decimal | None, share: str, used: Decimal) -> Term:
    """A share of own capital less what is used outside of the limit; a share of 0 switches the term off."""
    if Decimal(share) == 0:
        return Term(code, "off", None, {"share": share})
    if base is None:
        return Term(code, "unknown", None, {"share": share})
    figures = {"share": share, "base": str(base), "used": str(used)}
    return Term(code, "counts", Decimal(share) * base - used, figures)
