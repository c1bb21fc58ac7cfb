"""How long a loan may be extended: bands of the first term (rules-2 8.7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.amendments.parameters import check_extension
from risk.amendments.rules.extension import longest_extension

BANDS = [
    {"up_to": 12, "percent": 100, "months": None},
    {"up_to": 60, "percent": 50, "months": None},
    {"up_to": None, "percent": None, "months": 36},
]


@pytest.mark.parametrize(
    ("first", "most"), [(1, 1), (12, 12), (13, 6), (24, 12), (59, 29), (60, 30), (61, 36), (84, 36), (360, 36)]
)
def test_a_short_loan_once_more_a_middle_one_by_half_a_long_one_by_three_years(first, most):
    assert longest_extension(first, BANDS) == most


@given(first=st.integers(1, 600))
def test_no_loan_is_extended_beyond_its_first_term_or_three_years(first):
    assert 0 < longest_extension(first, BANDS) <= min(first, 36)


@pytest.mark.parametrize(
    "bands",
    [
        [*BANDS[1:], BANDS[0]],
        [{"up_to": 60, "percent": 50, "months": None}],
        [{"up_to": None, "percent": 50, "months": 6}],
        [{"up_to": None, "percent": None, "months": None}],
    ],
)
def test_bands_that_do_not_hold_every_term_once_are_no_parameter(bands):
    assert check_extension({"bands": BANDS, "workdays_before": 10}, "") == []
    assert check_extension({"bands": bands, "workdays_before": 10}, "")
