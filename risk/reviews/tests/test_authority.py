"""Rules 1.4 and 1.6: which level must decide, at every boundary of the default table."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.declarations.parameters import list_seeds
from risk.reviews.rules.authority import Authority, required_level
from risk.reviews.selectors.authority import format_reasons, format_wan

SEEDS = {item["code"]: item["versions"][-1]["value"] for item in list_seeds()}
D = Decimal
FEN = D("0.01")

# The table of rules 1.4, typed in again, in 万元; the C limit of level 3 serves restructuring only.
LIMITS = {
    "AAA": (3000, 20000, 100000),
    "AA": (2000, 15000, 80000),
    "A": (1000, 8000, 50000),
    "B": (0, 2000, 10000),
    "C": (0, 0, 3000),
}


def level(exposure: D | str, grade: str | None = "AA", **facts: Any) -> Authority:
    given_facts = {"secured": True, "tenor_months": 84} | facts
    return required_level(
        grade=grade,
        exposure=D(exposure),
        matrix=SEEDS["authority.matrix"],
        modifiers=SEEDS["authority.modifiers"],
        **given_facts,
    )


@pytest.mark.parametrize("grade", LIMITS)
@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_limit_covers_itself_and_not_a_fen_more(grade: str, index: int) -> None:
    limit = D(LIMITS[grade][index]) * 10_000
    if limit:
        assert level(limit, grade, restructuring=True).by_amount == index + 1
    assert level(limit + FEN, grade, restructuring=True).by_amount > index + 1


@pytest.mark.parametrize(
    ("exposure", "grade", "expected"),
    [
        ("80000000.00", "A", 2),
        ("80000000.01", "A", 3),
        ("80000000.00", "AA", 2),
        ("0.01", "B", 2),
        ("0.01", "C", 4),
        ("30000000.00", "AAA", 1),
        ("1000000000.01", "AAA", 4),
        ("99999999999999.99", "AAA", 4),
    ],
)
def test_the_level_by_grade_and_amount(exposure: str, grade: str, expected: int) -> None:
    assert level(exposure, grade).level == expected


def test_no_valid_grade_counts_as_c_and_says_so() -> None:
    found = level("1000000", None)
    assert found.grade == "C"
    assert found.level == 4
    assert found.reasons[0].code == "no_valid_grade"


def test_new_money_for_c_passes_over_the_restructuring_limit() -> None:
    new, old = level("30000000", "C"), level("30000000", "C", restructuring=True)
    assert (new.level, old.level) == (4, 3)
    assert "restructuring_only" in [reason.code for reason in new.reasons]


def test_unsecured_halves_the_limits() -> None:
    assert level("75000000.00", "AA", secured=False).level == 2
    assert level("75000000.01", "AA", secured=False).level == 3
    assert level("10000000.00", "AA", secured=False).level == 1
    assert level("10000000.01", "AA", secured=False).level == 2


def test_above_ten_years_the_head_office_decides_whatever_the_amount() -> None:
    assert level("1000000", "AAA", tenor_months=120).level == 1
    found = level("1000000", "AAA", tenor_months=121)
    assert (found.level, found.by_amount) == (2, 1)
    assert found.reasons[-1].code == "long_tenor"
    assert level("1000000", "AAA", tenor_months=121, is_fixed_asset=False).level == 1


@pytest.mark.parametrize(
    ("wan", "grade", "facts", "expected"),
    [
        ("8000.00", "A", {}, 2),
        ("8000.01", "A", {}, 3),
        ("4000.00", "A", {"secured": False}, 2),
        ("4000.01", "A", {"secured": False}, 3),
        ("15000", "AA", {"tenor_months": 132}, 2),
        ("900", "A", {"tenor_months": 132, "is_esg_class_a": True}, 2),
        ("12000", "A", {"secured": False, "is_esg_class_a": True}, 4),
        ("40000", "AAA", {"fully_margined": True}, 2),
        ("2500", "AAA", {"is_related": True}, 4),
    ],
)
def test_the_order_of_evaluation(wan: str, grade: str, facts: dict[str, Any], expected: int) -> None:
    """The vectors of rules-2 6.5, in 万元."""
    assert level(D(wan) * 10_000, grade, **facts).level == expected


def test_no_deal_is_unsecured_and_covered_by_margin() -> None:
    with pytest.raises(ValueError, match="margin"):
        level("1000000", "AA", secured=False, fully_margined=True)


def test_the_committee_is_named_with_the_level() -> None:
    assert not level("80000000", "AA").needs_committee
    assert level("150000000.01", "AA").needs_committee
    assert not level("1000000", "AA", tenor_months=300).needs_committee


def test_the_reasons_name_the_interval() -> None:
    found = level("80000000", "AA", secured=False)
    figures = found.reasons[-1].figures
    assert (figures["lower"], figures["upper"]) == (D("75000000"), D("400000000"))
    assert found.as_data()["reasons"][-1]["figures"]["exposure"] == "80000000"


def test_no_exposure_and_unknown_grades_are_mistakes_of_the_caller() -> None:
    for bad in ("0", "-1"):
        with pytest.raises(ValueError, match="above zero"):
            level(bad)
    with pytest.raises(ValueError, match="grade"):
        level("1", "AAAA")


amounts = st.decimals("0.01", "9999999999.99", places=2)


@given(amounts, amounts, st.sampled_from(sorted(LIMITS)), st.booleans(), st.integers(1, 600))
def test_more_exposure_never_asks_for_less(one: D, other: D, grade: str, secured: bool, tenor: int) -> None:
    low, high = sorted((one, other))
    facts = {"secured": secured, "tenor_months": tenor}
    assert level(low, grade, **facts).level <= level(high, grade, **facts).level


@given(amounts, st.integers(1, 600), st.booleans())
def test_a_better_grade_never_asks_for_more(exposure: D, tenor: int, secured: bool) -> None:
    levels = [
        level(exposure, grade, secured=secured, tenor_months=tenor).level for grade in ("AAA", "AA", "A", "B", "C")
    ]
    assert levels == sorted(levels)
    assert level(exposure, None, secured=secured, tenor_months=tenor).level == levels[-1]


@given(amounts, st.sampled_from(sorted(LIMITS)), st.integers(1, 600))
def test_without_security_the_level_never_falls(exposure: D, grade: str, tenor: int) -> None:
    facts = {"tenor_months": tenor}
    assert level(exposure, grade, secured=False, **facts).level >= level(exposure, grade, secured=True, **facts).level


@given(amounts, st.sampled_from(sorted(LIMITS)), st.integers(1, 600), st.booleans(), st.booleans())
def test_each_modifier_moves_the_level_its_own_way(
    exposure: D, grade: str, tenor: int, esg: bool, related: bool
) -> None:
    """ESG class A and a related party never lower it, full margin never raises it, and the board stays the highest."""
    plain = level(exposure, grade, tenor_months=tenor).level
    assert level(exposure, grade, tenor_months=tenor, fully_margined=True).level <= plain
    found = level(exposure, grade, tenor_months=tenor, is_esg_class_a=esg, is_related=related).level
    assert plain <= found <= 4
    assert found == 4 or not related


def test_a_fen_above_a_limit_is_told_to_the_fen() -> None:
    told = [format_wan(amount) for amount in ("20000000.00", "20000100", "20000000.01")]
    assert told == ["2,000.00", "2,000.01", "2,000.000001"]


@pytest.mark.parametrize("grade", LIMITS)
@pytest.mark.parametrize("exposure", ["0.01", "10000000.00", "80000000.01", "5000000000.00"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_sentence_says_above_nothing_or_ends_in_zeros(grade: str, exposure: str, language: str) -> None:
    with translation.override(language):
        told = " ".join(format_reasons(level(exposure, grade, secured=False).as_data()))
    assert "超过 0.00" not in told
    assert "Above 0.00" not in told
    assert not re.search(r"\.\d{3,}0(?!\d)", told), told
    assert format_wan(exposure) in told


def test_a_limit_that_begins_at_nothing_names_its_upper_bound_only() -> None:
    with translation.override("zh-hans"):
        told = format_reasons(level("5000000.00", "B").as_data())
    assert told == ["含本笔敞口 500.00 万元，B 级：不超过 2,000.00 万元由分管副总终审。"]
