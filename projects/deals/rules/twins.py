"""Whether two projects of one client look like the same one filed twice. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from crm.kernel.text.identifying import identifying_form

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Outline:
    """What two filings of one project have in common. `amount` in `currency`."""

    name: str
    product: str
    currency: str
    amount: Decimal


def look_alike(one: Outline, other: Outline, *, percent: int) -> bool:
    """The same name however it is typed, or the same product with amounts that differ by at most `percent`."""
    if identifying_form(one.name) == identifying_form(other.name):
        return True
    if (one.product, one.currency) != (other.product, other.currency):
        return False
    return abs(one.amount - other.amount) * HUNDRED <= max(one.amount, other.amount) * percent
