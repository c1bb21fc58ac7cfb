"""The vectors of rules-2 8.10 and laws of the tests of a draw-down."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.funding.rules.checks import Payment, Position, check_draw, most_by_capital, must_be_entrusted

DAY = date(2026, 3, 1)
MILLION = Decimal(1_000_000)
THRESHOLD = 10 * MILLION
MONEY = st.decimals("0.01", "100000000", places=2)


@pytest.mark.parametrize(
    ("loan", "capital", "paid", "drawn", "most"),
    [(64, 16, 7, "26.5", "1500000.00"), (70, 30, 10, "0", "23333333.33"), (64, 16, 20, "0", "64000000.00")],
)
def test_room_by_capital(loan: int, capital: int, paid: int, drawn: str, most: str) -> None:
    given = {"amount": loan * MILLION, "capital": capital * MILLION, "paid": paid * MILLION}
    assert most_by_capital(drawn=Decimal(drawn) * MILLION, **given) == Decimal(most)


@pytest.mark.parametrize(
    ("day", "amount", "compulsory"),
    [(9, "2500000.00", False), (9, "2500000.01", True), (10, "3000000.00", False), (10, "4000000.01", True)],
)
def test_split_payments_to_one_payee_are_summed_over_ten_days(day: int, amount: str, compulsory: bool) -> None:
    earlier = [Payment(DAY, "甲", 4 * MILLION), Payment(DAY + timedelta(days=5), "甲", Decimal(3_500_000))]
    if day == 10:
        earlier.append(Payment(DAY + timedelta(days=9), "甲", Decimal(2_500_000)))
    asked = [Payment(DAY + timedelta(days=day), "甲", Decimal(amount), is_entrusted=False)]
    assert bool(must_be_entrusted(asked, earlier, threshold=THRESHOLD, days=10)) is compulsory


def test_a_split_within_one_request_counts_and_another_payee_does_not() -> None:
    asked = [
        Payment(DAY, "甲", 6 * MILLION, False),
        Payment(DAY, "甲", 5 * MILLION, False),
        Payment(DAY, "乙", MILLION),
    ]
    assert must_be_entrusted(asked, [], threshold=THRESHOLD, days=10) == ("甲",)


def position(**facts: object) -> Position:
    given: dict[str, object] = {
        "day": DAY,
        "signed_on": DAY,
        "available_until": DAY,
        "amount": 80 * MILLION,
        "approved": 80 * MILLION,
        "drawn": Decimal(0),
        "repaid": Decimal(0),
        "capital": 40 * MILLION,
        "capital_paid": 40 * MILLION,
        "open_conditions": (),
        "open_reds": 0,
    }
    return Position(**{**given, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"open_conditions": ("抵押登记",)}, "conditions"),
        ({"available_until": DAY - timedelta(days=1)}, "period"),
        ({"signed_on": DAY + timedelta(days=1)}, "period"),
        ({"drawn": Decimal("79999999.01")}, "amount"),
        ({"approved": Decimal("0.99")}, "limit"),
        ({"capital_paid": Decimal(0)}, "capital"),
        ({"open_reds": 1}, "freeze"),
    ],
)
def test_each_test_refuses_alone(facts: dict[str, object], code: str) -> None:
    asked = [Payment(DAY, "甲", Decimal(1))]
    found = check_draw(position(**facts), asked, [], threshold=THRESHOLD, days=10)
    assert code in [check.code for check in found if not check.passed]
    assert all(check.passed for check in check_draw(position(), asked, [], threshold=THRESHOLD, days=10))


@given(amount=MONEY, capital=MONEY, paid=MONEY, drawn=MONEY)
def test_what_the_capital_leaves_never_breaks_the_share(
    amount: Decimal, capital: Decimal, paid: Decimal, drawn: Decimal
) -> None:
    most = most_by_capital(amount=amount, capital=capital, paid=paid, drawn=drawn)
    assert most >= 0
    if most > 0:
        assert (drawn + most) * capital <= amount * min(paid, capital)
        assert (drawn + most + Decimal("0.01")) * capital > amount * min(paid, capital)
