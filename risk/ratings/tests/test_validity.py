"""Rules 3.4: how long a grade holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.declarations.parameters import list_seeds
from risk.ratings.rules.validity import add_months, holds, latest_expiry, state, validity

SEEDS = {item["code"]: item["versions"][-1]["value"] for item in list_seeds()}
MONTHS, LEAD = SEEDS["rating.validity_months"], SEEDS["rating.renewal_lead_days"]
START = date(2025, 11, 20)


@pytest.mark.parametrize(
    ("grade", "expires", "renewal"),
    [
        ("AAA", date(2026, 11, 20), date(2026, 10, 6)),
        ("AA", date(2026, 11, 20), date(2026, 10, 6)),
        ("A", date(2026, 11, 20), date(2026, 10, 21)),
        ("B", date(2026, 5, 20), date(2026, 4, 20)),
        ("C", date(2026, 2, 20), date(2026, 2, 5)),
    ],
)
def test_validity_and_renewal_follow_the_table(grade: str, expires: date, renewal: date) -> None:
    found = validity(grade, START, months=MONTHS, lead_days=LEAD)
    assert (found.expires_on, found.renewal_on) == (expires, renewal)


def test_the_last_day_still_counts_and_the_next_does_not() -> None:
    found = validity("AA", START, months=MONTHS, lead_days=LEAD)
    assert state(found, START - timedelta(days=1)) == "not_yet"
    assert state(found, START) == "valid"
    assert state(found, found.renewal_on) == "renewal_due"
    assert holds(found, found.expires_on)
    assert not holds(found, found.expires_on + timedelta(days=1))
    assert state(None, START) == "none"
    assert not holds(None, START)


def test_an_earlier_expiry_may_be_entered_and_a_later_one_not() -> None:
    early = validity("AA", START, months=MONTHS, lead_days=LEAD, expires_on=START + timedelta(days=10))
    assert early.renewal_on == START
    for wrong in (date(2026, 11, 21), START - timedelta(days=1)):
        with pytest.raises(ValueError, match="expiry"):
            validity("AA", START, months=MONTHS, lead_days=LEAD, expires_on=wrong)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from(sorted(MONTHS)))
def test_a_better_grade_never_holds_shorter(day: date, grade: str) -> None:
    order = ["AAA", "AA", "A", "B", "C"]
    worse = order[min(order.index(grade) + 1, 4)]
    assert latest_expiry(grade, day, MONTHS) >= latest_expiry(worse, day, MONTHS) > day
