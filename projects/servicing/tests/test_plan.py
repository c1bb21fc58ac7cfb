"""The vectors of rules-2 8.10 for plans, interest and the allocation of a payment, and their laws."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.servicing.rules.plan import (
    Dues,
    allocate,
    due_days,
    interest_for,
    lease_payment,
    level_payment,
    plan_repayment,
)

MONEY = st.decimals("0.01", "500000000", places=2)
RATES = st.decimals("0", "24", places=4)


@pytest.mark.parametrize(
    ("days", "rate", "interest"),
    [(16, "4.10", "18222.22"), (92, "4.10", "104777.78"), (11, "4.10", "12527.78"), (79, "4.00", "87777.78")],
)
def test_interest_runs_actual_by_360(days: int, rate: str, interest: str) -> None:
    assert interest_for(Decimal(10_000_000), Decimal(rate), days) == Decimal(interest)


def test_penalty_and_compound_of_the_vector() -> None:
    assert interest_for(Decimal(500_000), Decimal("6.15"), 60) == Decimal("5125.00")
    assert interest_for(Decimal(60_000), Decimal("4.10"), 70) == Decimal("478.33")


def test_level_payment_before_and_after_a_repricing() -> None:
    assert level_payment(Decimal(8_000_000), Decimal("4.2"), 16, 4) == Decimal("545789.75")
    days = due_days(date(2026, 3, 21), date(2029, 12, 21), 3)
    given_ = {"start": date(2025, 12, 21), "days": days, "rate": Decimal("4.2"), "per_year": 4}
    plan = plan_repayment(Decimal(8_000_000), kind="equal_payment", **given_)  # type: ignore[arg-type]
    assert (len(plan), plan[3].balance) == (16, Decimal("6123544.06"))
    assert level_payment(plan[3].balance, Decimal("3.9"), 12, 4) == Decimal("543210.45")


@pytest.mark.parametrize(
    ("late", "penalty", "compound", "expected"),
    [
        (70, "5125.00", "478.33", {"interest": "60000", "compound": "478.33", "principal": "332396.67"}),
        (101, "7772.92", "690.17", {"principal": "398000", "interest": "0", "penalty": "0"}),
    ],
)
def test_a_payment_is_allocated_in_the_order_of_its_delay(
    late: int, penalty: str, compound: str, expected: dict[str, str]
) -> None:
    dues = Dues(Decimal(2000), Decimal(60_000), Decimal(compound), Decimal(penalty), Decimal(500_000))
    found = allocate(Decimal(400_000), dues, days_late=late)
    assert {name: found[name] for name in expected} == {name: Decimal(value) for name, value in expected.items()}
    assert found["costs"] == 2000 and sum(found.values()) == 400_000


def test_a_lease_in_advance_with_residual_is_worth_its_value() -> None:
    value, rate, residual = Decimal(10_000_000), Decimal("4.8"), Decimal(100_000)
    each = rate / 1200
    for in_advance in (False, True):
        rent = lease_payment(value, rate, 36, 12, residual=residual, in_advance=in_advance)
        first = 0 if in_advance else 1
        worth = sum((rent / (1 + each) ** (place + first) for place in range(36)), residual / (1 + each) ** 36)
        assert abs(worth - value) < Decimal("0.50")


@given(
    amount=MONEY,
    rate=RATES,
    years=st.integers(1, 15),
    months=st.sampled_from([1, 3, 6, 12]),
    grace=st.integers(0, 11),
    kind=st.sampled_from(["equal_principal", "equal_payment", "bullet"]),
)
def test_the_principal_sums_to_the_fen_and_no_balance_is_negative(
    amount: Decimal, rate: Decimal, years: int, months: int, grace: int, kind: str
) -> None:
    start = date(2026, 1, 31)
    days = due_days(date(2026, 3, 31), date(2026 + years, 1, 31), months)
    grace = min(grace, len(days) - 1)
    facts = {"start": start, "days": days, "rate": rate, "per_year": 12 // months, "grace": grace}
    plan = plan_repayment(amount, kind=kind, **facts)  # type: ignore[arg-type]
    assert sum(row.principal for row in plan) == amount
    assert plan[-1].balance == 0 and all(row.balance >= 0 <= row.principal and row.interest >= 0 for row in plan)
    assert [row.due_on for row in plan] == days == sorted(days)


@given(payment=MONEY, late=st.integers(0, 400), dues=st.builds(Dues, MONEY, MONEY, MONEY, MONEY, MONEY))
def test_an_allocation_exhausts_the_payment_and_covers_no_more_than_is_due(
    payment: Decimal, late: int, dues: Dues
) -> None:
    found = allocate(payment, dues, days_late=late)
    assert sum(found.values()) == payment
    assert all(0 <= found[name] <= getattr(dues, name) for name in found if name != "rest")
