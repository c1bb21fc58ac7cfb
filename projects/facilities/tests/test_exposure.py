"""Exposure of a facility: the vectors of rules-2 6.1, and what holds whatever the figures."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.facilities.rules.exposure import Position, measure_exposure

DAY = date(2026, 6, 30)
ZERO = Decimal(0)


def position(**facts: object) -> Position:
    usual: dict[str, object] = {
        "outstanding": ZERO,
        "undrawn": ZERO,
        "due_unpaid": ZERO,
        "margin": ZERO,
        "amount": Decimal(80_000_000),
        "available_until": None,
        "factor": Decimal(1),
    }
    return Position(**{**usual, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "total"),
    [
        # Contract 80,000,000, drawn 50,000,000, repaid 10,000,000, still available: 40,000,000 + 30,000,000.
        ({"outstanding": 40_000_000, "undrawn": 30_000_000, "available_until": date(2026, 12, 31)}, 70_000_000),
        ({"outstanding": 40_000_000, "undrawn": 30_000_000, "available_until": date(2026, 6, 29)}, 40_000_000),
        ({"outstanding": 10_000_000, "margin": 3_000_000}, 7_000_000),
        ({"outstanding": 6_000_000, "margin": 600_000, "factor": "0.5"}, 2_400_000),
        ({"outstanding": 6_000_000, "factor": "0.2"}, 1_200_000),
        ({"outstanding": 5_000_000, "due_unpaid": 120_000}, 5_120_000),
        ({"outstanding": 20_000_000, "is_whole": True, "available_until": DAY}, 80_000_000),
        ({"outstanding": 20_000_000, "is_whole": True, "available_until": date(2026, 6, 29)}, 20_000_000),
        ({"outstanding": 1_000_000, "margin": 1_500_000}, 0),
    ],
)
def test_vectors(facts: dict[str, object], total: int) -> None:
    facts = {name: Decimal(value) if type(value) in (int, str) else value for name, value in facts.items()}
    assert measure_exposure(position(**facts), DAY)["total"] == total


figures = st.decimals(0, 10**9, places=2)


@given(figures, figures, figures, figures, st.decimals(0, 1, places=2), st.integers(-5, 5))
def test_margin_and_time_never_raise_it_and_it_is_never_below_zero(
    outstanding: Decimal, undrawn: Decimal, due: Decimal, margin: Decimal, factor: Decimal, days: int
) -> None:
    facts = {"outstanding": outstanding, "undrawn": undrawn, "due_unpaid": due, "factor": factor}
    until = DAY + timedelta(days=days)
    without = measure_exposure(position(**facts, available_until=until), DAY)["total"]
    secured = measure_exposure(position(**facts, available_until=until, margin=margin), DAY)["total"]
    later = measure_exposure(position(**facts, available_until=until), DAY + timedelta(days=1))["total"]
    assert 0 <= secured <= without and later <= without
    assert without <= outstanding + undrawn + due
