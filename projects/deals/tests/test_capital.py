"""Rules 1.8: the sector minima of each date, and a comparison that never rounds."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.declarations.parameters import list_seeds
from projects.deals.rules.capital import capital_test, sector_minimum, share_cut

VERSIONS = next(item["versions"] for item in list_seeds() if item["code"] == "capital.ratios")
D = Decimal


def table_on(day: date) -> dict[str, Any]:
    return max((v for v in VERSIONS if v["effective_from"] <= day.isoformat()), key=lambda v: v["effective_from"])[
        "value"
    ]


NOW = table_on(date(2026, 11, 20))

# The table of rules 1.8, typed in again: 2009-05-25, 2015-09-09, 2019-11-20.
MINIMA = {
    "urban_rail": (25, 20, 20),
    "railway_road": (25, 20, 20),
    "airport": (30, 25, 25),
    "port_shipping": (30, 25, 20),
    "housing_basic": (20, 20, 20),
    "housing_other": (30, 25, 25),
    "steel_alu": (40, 40, 40),
    "cement": (35, 35, 35),
    "heavy30": (30, 30, 30),
    "corn": (30, 20, 20),
    "fertiliser": (25, 25, 25),
    "other_infra": (20, 20, 20),
    "other": (20, 20, 20),
}


@pytest.mark.parametrize("sector", MINIMA)
@pytest.mark.parametrize(
    ("day", "column"),
    [
        (date(2009, 5, 25), 0),
        (date(2015, 9, 8), 0),
        (date(2015, 9, 9), 1),
        (date(2019, 11, 19), 1),
        (date(2019, 11, 20), 2),
        (date(2026, 11, 20), 2),
    ],
)
def test_the_minimum_follows_sector_and_date(sector: str, day: date, column: int) -> None:
    assert sector_minimum(sector, table_on(day)) == D(MINIMA[sector][column]) / 100


@pytest.mark.parametrize(
    ("capital", "outcome"),
    [
        ("20000000.00", "passed"),
        ("19999999.99", "below_minimum"),
        ("100000000.00", "passed"),
        ("100000000.01", "capital_above_total"),
        ("0", "below_minimum"),
        ("-1", "below_minimum"),
    ],
)
def test_the_ratio_passes_at_the_minimum_and_not_a_fen_below(capital: str, outcome: str) -> None:
    found = capital_test(total_investment=D("100000000"), capital=D(capital), sector="other_infra", table=NOW)
    assert found.outcome == outcome
    assert found.passed == (outcome == "passed")


def test_a_missing_figure_is_named_and_not_taken_as_zero() -> None:
    for total, capital in ((None, D(1)), (D(1), None), (D(0), D(0))):
        assert capital_test(total_investment=total, capital=capital, sector="other", table=NOW).outcome == "missing"


def test_an_unknown_sector_does_not_pass() -> None:
    assert capital_test(total_investment=D(1), capital=D(1), sector="moon", table=NOW).outcome == "unknown_sector"


def test_the_institution_may_be_stricter_but_never_laxer() -> None:
    table = {
        "sectors": [
            {"code": "pv", "minimum": "0.20", "institution": "0.30"},
            {"code": "x", "minimum": "0.20", "institution": "0.10"},
        ]
    }
    assert sector_minimum("pv", table) == D("0.30")
    assert sector_minimum("x", table) == D("0.20")


@given(st.decimals("0.01", "9999999999999999.99", places=2), st.sampled_from(sorted(MINIMA)))
def test_the_shortfall_is_exactly_what_is_missing(total: D, sector: str) -> None:
    minimum = sector_minimum(sector, NOW)
    assert minimum is not None
    wanted = total * minimum
    assert capital_test(total_investment=total, capital=wanted, sector=sector, table=NOW).passed
    less = capital_test(total_investment=total, capital=wanted - D("0.0001"), sector=sector, table=NOW)
    assert less.outcome == "below_minimum"
    assert less.shortfall == D("0.0001")


def test_a_share_is_cut_so_that_it_never_reads_as_the_minimum_it_misses() -> None:
    assert share_cut(D("0.19999999")) == share_cut(D("0.1" + "9" * 50)) == "19.99%"
    assert (share_cut(D("0.2")), share_cut(D(1)), share_cut(None)) == ("20.00%", "100.00%", "—")
