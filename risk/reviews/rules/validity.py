"""How long an approval is valid (rules-2 section 1). Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from risk.ratings.rules.validity import add_months


def last_valid_day(decided_on: date, *, is_fixed: bool, own: int | None, table: Mapping[str, Any]) -> date:
    """The last day, inclusive: the same day of the month so many months later, or the month's last day.

    `table` is the parameter `deal.validity`; `own` is the deal's own validity in months, which counts where shorter.
    """
    months = int(table["fixed" if is_fixed else "others"])
    return add_months(decided_on, min(months, own) if own else months)


def last_prolonged_day(last_day: date, *, months: int) -> date:
    """The latest day, inclusive, until which an approval that is valid through `last_day` may be prolonged."""
    return add_months(last_day, months)


def due_reminder(today: date, last_day: date, days: Sequence[int]) -> int | None:
    """Which reminder is due: the smallest number of days that the approval still has at most; None while none is."""
    left = (last_day - today).days
    return min((count for count in days if 0 <= left <= count), default=None)
