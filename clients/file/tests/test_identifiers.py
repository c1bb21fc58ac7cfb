"""Vectors of rules 10.1, and properties no single vector can show."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from clients.file.rules.identifiers import (
    ALPHABET,
    credit_code,
    identity_number,
    organisation_check,
)
from clients.file.rules.regions import latest_name, region_rows
from crm.kernel.text.identifying import identifying_form

REGIONS = frozenset(row.code for row in region_rows())
TODAY = date(2026, 11, 20)
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def with_check(body: str) -> str:
    """Independent of the product: the standard's sum, written out."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(body, WEIGHTS, strict=True))
    return body + ALPHABET[(31 - total % 31) % 31]


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y43", "91110108MA01A2B32G", "91310115MA1K4X7T06", "91440300MA5F9Q2W4Y", "12100000400000122T"],
)
def test_the_valid_vectors_pass(code: str) -> None:
    found = credit_code(code, regions=REGIONS)
    assert found.error is None
    assert found.code == code
    assert "region_unknown" not in found.warnings


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("91350100M000100Y4Z", "alphabet"),
        ("91110108MA01A2B32H", "check_character"),
        ("91310115M1AK4X7T06", "check_character"),
        ("9144O300MA5F9Q2W4Y", "alphabet"),
        ("91110108MA01A2B32", "length"),
        ("91350100M000100Y433", "length"),
        ("", "length"),
        ("01350100M000100Y43", "department"),
        ("9135A100M000100Y43", "region_digits"),
        ("91350100M000100Y4\x00", "alphabet"),
        ("91350100M000100Y4\ud800", "alphabet"),
        ("９".join(["x"] * 40), "length"),
    ],
)
def test_the_invalid_vectors_are_refused_with_their_reason(code: str, problem: str) -> None:
    assert credit_code(code).error == problem


@pytest.mark.parametrize(
    "written",
    [
        " 91350100m000100y43 ",
        "9135 0100 M000 100Y 43",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        "91350100-M000100Y-43",
        "91350100\u200bM000100Y43",
    ],
)
def test_every_way_of_writing_a_code_is_the_same_code(written: str) -> None:
    assert credit_code(written).code == "91350100M000100Y43"
    assert credit_code(written).error is None


def test_a_wrong_position_17_only_warns() -> None:
    right = "91350100M000100Y43"
    wrong = with_check(right[:16] + "5")
    assert credit_code(right).warnings == ()
    assert credit_code(wrong).error is None
    assert credit_code(wrong).warnings == ("organisation_check",)


def test_an_unknown_region_only_warns_and_a_historical_one_does_not() -> None:
    assert credit_code(with_check("91999999M000100Y4"), regions=REGIONS).warnings == ("region_unknown",)
    assert "region_unknown" not in credit_code(with_check("91110103M000100Y4"), regions=REGIONS).warnings


def test_a_sum_divisible_by_31_has_the_check_character_zero() -> None:
    body = next(
        code
        for number in range(10_000)
        if (code := f"91350100M{number:08d}")
        and sum(ALPHABET.index(character) * weight for character, weight in zip(code, WEIGHTS, strict=True)) % 31 == 0
    )
    assert credit_code(body + "0").error is None
    assert credit_code(body + "1").error == "check_character"


@given(st.text(alphabet=ALPHABET, min_size=9, max_size=9), st.integers(100000, 999999), st.sampled_from("159"))
def test_our_check_and_the_librarys_agree(body: str, region: int, department: str) -> None:
    code = with_check(f"{department}1{region}{body}")
    assert credit_code(code).error is None
    assert uscc.is_valid(code)


@given(st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_changed_character_never_passes_unseen(position: int, character: str) -> None:
    right = "91350100M000100Y43"
    changed = right[:position] + character + right[position + 1 :]
    assert (credit_code(changed).error is None) == (changed == right)


@given(st.text(max_size=40))
def test_no_text_breaks_the_checks(text: str) -> None:
    credit_code(text, regions=REGIONS)
    identity_number(text, today=TODAY, regions=REGIONS)


def test_the_departments_that_the_library_refuses_are_accepted() -> None:
    assert credit_code(with_check("N2110108M000100Y4")).error is None
    assert credit_code(with_check("Y1110108M000100Y4")).error is None


@pytest.mark.parametrize(("body", "check"), [("M000100Y", "4"), ("D2143569", "X"), ("40000012", "2")])
def test_the_organisation_check_follows_its_standard(body: str, check: str) -> None:
    assert organisation_check(body) == check


def test_a_right_identity_number_gives_birth_date_and_region() -> None:
    found = identity_number("11010519491231002x", today=TODAY, regions=REGIONS)
    assert found.error is None
    assert found.number == "11010519491231002X"
    assert (found.birth_date, found.region, found.warnings) == (date(1949, 12, 31), "110105", ())


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("110105194912310021", "check_digit"),
        ("11010519491231002", "length"),
        ("1101051949123100AX", "digits"),
        ("990105194912310029", "region"),
        ("110105194902300027", "date"),
        ("110105189912310027", "date"),
        ("110105202712310027", "date_future"),
        ("X10105194912310021", "digits"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "digits"),
    ],
)
def test_a_wrong_identity_number_is_refused_with_its_reason(number: str, problem: str) -> None:
    assert identity_number(number, today=TODAY, regions=REGIONS).error == problem


def test_a_county_out_of_the_table_warns() -> None:
    body = "11019919491231002"
    number = body + ric.calc_check_digit(body + "0")
    found = identity_number(number, today=TODAY, regions=REGIONS)
    assert (found.error, found.warnings) == (None, ("region_unknown",))


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.sampled_from(sorted(REGIONS)))
def test_every_number_with_the_right_check_digit_passes(born: date, order: int, region: str) -> None:
    body = f"{region}{born:%Y%m%d}{order:03d}"
    total = sum(int(digit) * 2 ** (17 - index) for index, digit in enumerate(body))
    number = body + "10X98765432"[total % 11]
    assert identity_number(number, today=TODAY, regions=REGIONS).error is None


def test_brackets_and_blanks_do_not_make_two_companies() -> None:
    assert identifying_form("福建（闽江）水务 有限公司") == identifying_form("福建(闽江)水务有限公司")
    assert identifying_form("福建水务有限公司") != identifying_form("福建水利有限公司")


def test_regions_come_parents_first_and_keep_history() -> None:
    seen = {""}
    for row in region_rows():
        assert row.parent in seen
        assert row.name
        seen.add(row.code)
    by_code = {row.code: row for row in region_rows()}
    assert (by_code["350102"].name, by_code["350102"].parent, by_code["350102"].ended) == ("鼓楼区", "350100", None)
    assert by_code["110103"].ended == 2010
    assert latest_name("[1983-1994]东矿区,[1995-]古冶区") == ("古冶区", None)
