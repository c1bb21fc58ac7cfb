"""The minimum-capital test of fixed-asset projects (固定资产投资项目资本金), rules 1.8."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any, Literal

Outcome = Literal["passed", "below_minimum", "capital_above_total", "missing", "unknown_sector"]
# Wide enough that no product or quotient of amounts is ever rounded before the comparison.
PRECISION = 60


@dataclass(frozen=True)
class CapitalTest:
    """The finding: `ratio` and `minimum` as fractions, `shortfall` in the unit of the amounts (yuan)."""

    outcome: Outcome
    ratio: Decimal | None = None
    minimum: Decimal | None = None
    shortfall: Decimal | None = None

    @property
    def passed(self) -> bool:
        return self.outcome == "passed"


@dataclass(frozen=True)
class Minimum:
    """The minimum of a sector told apart: the regulator's, the institution's own, the reduction, what counts."""

    regulatory: Decimal
    institution: Decimal | None
    cut: Decimal
    effective: Decimal


def find_minimum(
    sector: str, *, regulatory: Mapping[str, Any], institution: Mapping[str, Any], cut: Decimal = Decimal(0)
) -> Minimum | None:
    """`max(regulatory − cut, institution)` of `sector`, as fractions; None when either table does not name it.

    Both tables are values of the parameter `capital.ratios`: `{"sectors": [{"code", "minimum": "0.20", "institution":
    null | "0.25", ...}, ...]}`. The regulator's figure is that of the day of 审批/核准/备案, the institution's own
    that of the day of the decision.
    """
    rows = [
        next((row for row in table["sectors"] if row["code"] == sector), None) for table in (regulatory, institution)
    ]
    if rows[0] is None or rows[1] is None:
        return None
    state, own = Decimal(rows[0]["minimum"]), rows[1].get("institution")
    lowered = max(state - cut, Decimal(0))
    if own is None:
        return Minimum(state, None, cut, lowered)
    return Minimum(state, Decimal(own), cut, max(lowered, Decimal(own)))


def _row_of(sector: str, table: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return next((row for row in table["sectors"] if row["code"] == sector), None)


def sector_minimum(sector: str, table: Mapping[str, Any]) -> Decimal | None:
    """The stricter of regulator and institution for `sector`; None when the table does not name the sector."""
    found = find_minimum(sector, regulatory=table, institution=table)
    return found.effective if found else None


def capital_test(
    *,
    total_investment: Decimal | None,
    capital: Decimal | None,
    sector: str,
    table: Mapping[str, Any],
    regulatory: Mapping[str, Any] | None = None,
    cut: Decimal = Decimal(0),
) -> CapitalTest:
    """Whether counted capital / total investment reaches the minimum of the sector (1.8 a: ≥, never rounded up).

    `table` is `capital.ratios` of the day of the decision, `regulatory` that of the project's approval where it has
    one. A missing figure is named, not taken as zero. The comparison multiplies instead of dividing, so it is exact.
    """
    found = find_minimum(sector, regulatory=regulatory or table, institution=table, cut=cut)
    if found is None:
        return CapitalTest("unknown_sector")
    minimum = found.effective
    if total_investment is None or capital is None or total_investment <= 0:
        return CapitalTest("missing", minimum=minimum)
    with localcontext(prec=PRECISION):
        wanted = minimum * total_investment
        ratio = capital / total_investment
        shortfall = max(wanted - capital, Decimal(0))
    outcome: Outcome = "passed" if capital >= wanted else "below_minimum"
    if capital > total_investment:
        outcome = "capital_above_total"
    return CapitalTest(outcome, ratio, minimum, shortfall)


def share_cut(fraction: Decimal | None) -> str:
    """A share that stands beside its minimum: `19.99%`, cut and never rounded up to what it does not reach."""
    if fraction is None:
        return "—"
    with localcontext(prec=PRECISION):
        hundredths = int(fraction * 10000)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
