"""How long a grade holds and when its renewal starts, rules 3.4."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from projects.deals.rules.months import add_months as add_months

State = Literal["none", "not_yet", "valid", "renewal_due", "expired"]


@dataclass(frozen=True)
class Validity:
    """The last day on which a grade holds and the first on which its renewal is due."""

    valid_from: date
    expires_on: date
    renewal_on: date


def latest_expiry(grade: str, valid_from: date, months: Mapping[str, int]) -> date:
    """The last day a grade given on `valid_from` can hold; an earlier one may be entered, a later one not.

    The first day is not counted and the period ends with its last day, as the Civil Code counts periods
    (art. 201, 202 [G]): twelve months from 2025-11-20 include 2026-11-20. KeyError: unknown grade.
    """
    return add_months(valid_from, months[grade])


def validity(
    grade: str,
    valid_from: date,
    *,
    months: Mapping[str, int],
    lead_days: Mapping[str, int],
    expires_on: date | None = None,
) -> Validity:
    """The dates of a grade; `expires_on` is what was entered (ValueError if outside the grade's longest validity).

    `months` and `lead_days` are the parameters `rating.validity_months` and `rating.renewal_lead_days`.
    """
    latest = latest_expiry(grade, valid_from, months)
    last = expires_on or latest
    if not valid_from <= last <= latest:
        raise ValueError("the expiry lies outside the validity of the grade")
    return Validity(valid_from, last, max(valid_from, last - timedelta(days=lead_days[grade])))


def state(found: Validity | None, on: date) -> State:
    """How a grade stands on a day; the expiry day itself still counts as valid."""
    if found is None:
        return "none"
    if on < found.valid_from:
        return "not_yet"
    if on > found.expires_on:
        return "expired"
    return "renewal_due" if on >= found.renewal_on else "valid"


def holds(found: Validity | None, on: date) -> bool:
    """Whether the grade may be used on that day; renewal being due does not take it away."""
    return state(found, on) in ("valid", "renewal_due")
