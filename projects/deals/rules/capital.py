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


def sector_minimum(sector: str, table: Mapping[str, Any]) -> Decimal | None:
    """The stricter of regulator and institution for `sector`; None when the table does not name the sector.

    `table` is the value of the parameter `capital.ratios` in force on the decision date:
    `{"sectors": [{"code", "minimum": "0.20", "institution": null | "0.25", ...}, ...]}`.
    """
    row = next((row for row in table["sectors"] if row["code"] == sector), None)
    if row is None:
        return None
    own = row.get("institution")
    return max(Decimal(row["minimum"]), Decimal(own)) if own is not None else Decimal(row["minimum"])


def capital_test(
    *, total_investment: Decimal | None, capital: Decimal | None, sector: str, table: Mapping[str, Any]
) -> CapitalTest:
    """Whether counted capital / total investment reaches the minimum of the sector (1.8 a: ≥, never rounded up).

    A missing figure is named, not taken as zero. The comparison multiplies instead of dividing, so it is exact.
    """
    minimum = sector_minimum(sector, table)
    if minimum is None:
        return CapitalTest("unknown_sector")
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
