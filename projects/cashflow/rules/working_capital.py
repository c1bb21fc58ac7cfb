"""Need of working capital and the new limit that covers it (rules 2.5)."""

from dataclasses import dataclass
from decimal import Decimal

ZERO, YEAR = Decimal(0), Decimal(360)


@dataclass(frozen=True)
class Turnover:
    """Days of each item; payables and advances received shorten the cycle."""

    inventory: Decimal
    receivables: Decimal
    prepaid: Decimal
    payables: Decimal
    advances: Decimal

    @property
    def days(self) -> Decimal:
        """The net cycle."""
        return self.inventory + self.receivables - self.payables + self.prepaid - self.advances


@dataclass(frozen=True)
class Need:
    """What is needed; `turns` None where the net cycle is 0 days or less: then nothing is needed, with a warning."""

    turns: Decimal | None
    need: Decimal
    limit: Decimal


def days_of(sales: Decimal, average: Decimal) -> Decimal | None:
    """Days one item is bound: 360 by its turns; None without sales."""
    return None if sales <= 0 else YEAR * average / sales


def find_need(
    sales: Decimal,
    margin: Decimal,
    growth: Decimal,
    turnover: Turnover,
    *,
    own_funds: Decimal = ZERO,
    existing_loans: Decimal = ZERO,
    other_sources: Decimal = ZERO,
) -> Need:
    """The formula of the measure of working-capital loans; the limit is never below 0."""
    days = turnover.days
    if days <= 0:
        return Need(None, ZERO, ZERO)
    turns = YEAR / days
    need = sales * (1 - margin) * (1 + growth) / turns
    return Need(turns, need, max(need - own_funds - existing_loans - other_sources, ZERO))
