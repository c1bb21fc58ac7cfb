"""Counted capital, the amount gate, terms and sectors: rules 1.8 and the vectors of rules-2 section 1."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.declarations.parameters import list_seeds, problems_of
from projects.deals.rules.capital import find_minimum
from projects.deals.rules.funding import check_funding, count_capital
from projects.deals.rules.terms import check_term, is_sector_of

SEEDS = {item["code"]: item["versions"][-1]["value"] for item in list_seeds()}
D = Decimal
SHARES = SEEDS["capital.counting"]
FEN = D("0.01")
amounts = st.decimals("0", "9999999999.99", places=2)


def test_the_vector_of_a_mixed_capital() -> None:
    """Cash 8,000, know-how 3,000, instruments 12,000 → 8,000 + 2,000 + 10,000 = 20,000."""
    found = count_capital(capital=D(23_000), know_how=D(3_000), instruments=D(12_000), shares=SHARES)
    assert (found.cash, found.know_how, found.instruments) == (D(8_000), D(2_000), D(10_000))
    assert (found.total, found.dropped) == (D(20_000), D(3_000))


def test_loans_never_count() -> None:
    found = count_capital(capital=D(5_000), not_counted=D(5_000), shares=SHARES)
    assert (found.total, found.dropped) == (0, D(5_000))


def test_parts_above_the_capital_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="exceed"):
        count_capital(capital=D(10), know_how=D(11), shares=SHARES)


@given(amounts, amounts, amounts, amounts)
def test_what_counts_keeps_its_shares_and_never_grows(cash: D, know_how: D, instruments: D, loans: D) -> None:
    found = count_capital(
        capital=cash + know_how + instruments + loans,
        know_how=know_how,
        instruments=instruments,
        not_counted=loans,
        shares=SHARES,
    )
    assert found.total + found.dropped == cash + know_how + instruments + loans
    assert found.dropped >= loans
    assert found.know_how <= know_how and found.instruments <= instruments
    assert found.know_how * 5 <= found.cash + found.know_how
    assert found.instruments * 2 <= found.total
    if found.know_how < know_how:  # a fen more would be above the share
        assert (found.know_how + FEN) * 5 > found.cash + found.know_how + FEN


@given(amounts, amounts, amounts, amounts)
def test_the_amount_gate_allows_equality_and_not_a_fen_more(total: D, counted: D, other: D, amount: D) -> None:
    found = check_funding(amount=amount, total_investment=total, counted=counted, other_sources=other)
    assert found.passed == (amount <= max(total - counted - other, D(0)))
    assert check_funding(amount=found.room, total_investment=total, counted=counted, other_sources=other).passed
    more = check_funding(amount=found.room + FEN, total_investment=total, counted=counted, other_sources=other)
    assert (more.passed, more.excess) == (False, FEN)


@given(amounts, amounts, amounts, amounts)
def test_more_of_other_sources_never_makes_room(total: D, counted: D, other: D, more: D) -> None:
    def room(sources: D) -> D:
        return check_funding(amount=D(1), total_investment=total, counted=counted, other_sources=sources).room

    assert room(other + more) <= room(other)


def table(minimum: str, own: str | None) -> dict[str, object]:
    """A table of one sector."""
    return {"sectors": [{"code": "s", "minimum": minimum, "institution": own}]}


@given(st.integers(0, 100), st.integers(0, 100) | st.none(), st.integers(0, 500))
def test_a_reduction_never_goes_below_the_institutions_own_minimum(state: int, own: int | None, points: int) -> None:
    stated, cut = D(state) / 100, D(points) / 10_000
    tables = table(str(stated), None if own is None else str(D(own) / 100))
    found = find_minimum("s", regulatory=tables, institution=tables, cut=cut)
    assert found is not None
    assert found.effective == max(stated - cut, D(0) if own is None else D(own) / 100)
    assert (found.regulatory, found.institution) == (stated, None if own is None else D(own) / 100)


@pytest.mark.parametrize(
    ("product", "months", "reason", "outcome"),
    [
        ("P01", 120, False, "passed"),
        ("P01", 121, False, "reason_missing"),
        ("P01", 121, True, "explained"),
        ("P01", 360, True, "explained"),
        ("P01", 361, True, "above_longest"),
        ("P03", 84, False, "passed"),
        ("P03", 121, True, "above_longest"),
        ("P04", 36, False, "passed"),
        ("P04", 37, False, "reason_missing"),
        ("P04", 61, True, "above_longest"),
        ("P05", 97, True, "explained"),
        ("P06", 13, True, "explained"),
        ("P07", 13, True, "above_longest"),
        ("P12", 61, True, "above_longest"),
        ("P14", 6, False, "passed"),
        ("P14", 7, True, "above_longest"),
    ],
)
def test_the_terms_of_each_product(product: str, months: int, reason: bool, outcome: str) -> None:
    assert check_term(product=product, months=months, has_reason=reason, table=SEEDS["deal.terms"]).outcome == outcome


@given(st.sampled_from([row["product"] for row in SEEDS["deal.terms"]]), st.integers(1, 600), st.integers(1, 600))
def test_a_shorter_term_is_never_judged_harder(product: str, one: int, other: int) -> None:
    order = ["passed", "explained", "above_longest"]
    low, high = sorted((one, other))
    judged = [
        order.index(check_term(product=product, months=months, has_reason=True, table=SEEDS["deal.terms"]).outcome)
        for months in (low, high)
    ]
    assert judged[0] <= judged[1]


@pytest.mark.parametrize(
    ("sector", "division", "fits"),
    [
        ("steel_alu", "31", True),
        ("steel_alu", "32", True),
        ("cement", "30", True),
        ("cement", "44", False),
        ("heavy30", "25", True),
        ("housing_other", "70", True),
        ("railway_road", "54", True),
        ("other", "44", None),
        ("cement", "", None),
    ],
)
def test_a_sector_against_the_clients_division(sector: str, division: str, fits: bool | None) -> None:
    assert is_sector_of(division, sector, SEEDS["deal.sector_divisions"]) is fits


@pytest.mark.parametrize(
    "rows",
    [
        [{"product": "P01", "normal": 120, "longest": 119}],
        [{"product": "P01", "normal": None, "longest": 12}],
        [{"product": "P01", "normal": 0, "longest": 12}],
        [{"product": "P01", "normal": 12, "longest": 12}] * 2,
    ],
)
def test_terms_that_contradict_themselves_are_not_published(rows: list[dict[str, object]]) -> None:
    assert problems_of("deal.terms", rows)
