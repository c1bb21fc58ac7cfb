"""Points end half-up: where half-even would give a hundredth less."""

from decimal import Decimal

import pytest

from staff.kpi.rules.scoring import Scoring, points, score

D = Decimal
TARGET = Scoring("target", D("15"), target=D("100"), cap=D("1.2"))
DEDUCT = Scoring("deduct", D("10"), step=D("0.001"))
LINE = Scoring("linear", D("10"), full_at=D("100"), zero_at=D("0"))


@pytest.mark.parametrize(
    ("scoring", "value", "expected"),
    [
        (TARGET, "2.3", "0.35"),  # 0.345
        (TARGET, "2.1", "0.32"),  # 0.315
        (DEDUCT, "5", "10.00"),  # 9.995
        (DEDUCT, "15", "9.99"),  # 9.985
        (LINE, "12.25", "1.23"),  # 1.225
        (LINE, "12.249999", "1.22"),
    ],
)
def test_a_half_hundredth_of_a_point_is_rounded_up(scoring: Scoring, value: str, expected: str) -> None:
    assert points(scoring, D(value)) == D(expected)


@pytest.mark.parametrize(
    ("made", "measured", "expected"), [("0.345", "100", "0.35"), ("66.125", "100", "66.13"), ("45.0325", "50", "90.07")]
)
def test_a_half_hundredth_of_a_score_is_rounded_up(made: str, measured: str, expected: str) -> None:
    assert score(D(made), D(measured)) == D(expected)
