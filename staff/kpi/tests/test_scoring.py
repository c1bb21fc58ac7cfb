"""The scoring of rules 6.1 as pure functions: its vectors, its edges, and the same bytes from the same facts."""

from decimal import Decimal

import pytest

from risk.reviews.rules.dossier import encode_canonical
from staff.kpi.rules.periods import Quarter, quarter_named, quarter_of
from staff.kpi.rules.scoring import Scoring, points
from staff.kpi.rules.sheets import COUNT, MEASURED, NO_SOURCE, NOTHING, SHARE, SUM, Item, sheet_of, text_of, value_of


def d(text: str) -> Decimal:
    return Decimal(text)


def target(weight: str, aim: str, cap: str = "1.2") -> Scoring:
    return Scoring("target", d(weight), target=d(aim), cap=d(cap))


def line(weight: str, full: str, zero: str) -> Scoring:
    return Scoring("linear", d(weight), full_at=d(full), zero_at=d(zero))


def deduct(weight: str, step: str) -> Scoring:
    return Scoring("deduct", d(weight), step=d(step))


# The whole sheet of rules 6.1 with the figures of the picture 11: what each line must come to.
SHEET = [
    ("new financing, 万元", target("15", "40000"), "38400", "14.40"),
    ("income, 万元", target("10", "1400"), "1286", "9.19"),
    ("qualified new clients", target("5", "6"), "5", "4.17"),
    ("CSAT: 95 full, nothing at 70", line("10", "95", "70"), "93.0", "9.20"),
    ("NPS: 50 full, nothing at 0", line("5", "50", "0"), "46", "4.60"),
    ("complaints: one off for each breach", deduct("5", "1"), "1", "4.00"),
    ("visits: 95 % full", line("5", "0.95", "0"), "0.964", "5.00"),
    ("migration: three off for each", deduct("12", "3"), "1", "9.00"),
    ("checks on time: share", line("8", "1", "0"), "0.9", "7.20"),
    ("warnings on time: share", line("5", "1", "0"), text_of(d("11") / d("12")), "4.58"),
    ("file completeness: share", line("5", "1", "0"), "0.946", "4.73"),
    ("training: from the target on full", target("5", "10", "1"), "12", "5.00"),
    ("compliance: starts at ten", deduct("10", "1"), "1", "9.00"),
]


@pytest.mark.parametrize(("what", "scoring", "value", "expected"), SHEET, ids=[row[0] for row in SHEET])
def test_each_line_of_the_quarterly_sheet_comes_to_its_points(
    what: str, scoring: Scoring, value: str, expected: str
) -> None:
    assert points(scoring, d(value)) == d(expected)


def test_the_whole_sheet_comes_to_90_07_of_100() -> None:
    assert sum(scoring.weight for _what, scoring, _value, _expected in SHEET) == 100
    assert sum(points(scoring, d(value)) for _what, scoring, value, _expected in SHEET) == d("90.07")


@pytest.mark.parametrize(
    ("scoring", "value", "expected"),
    [
        (target("15", "100"), "120", "18.00"),
        (target("15", "100"), "121", "18.00"),  # the cap
        (target("15", "100"), "1000", "18.00"),
        (target("15", "100"), "0", "0.00"),
        (target("15", "100"), "-5", "0.00"),
        (line("10", "95", "70"), "95", "10.00"),
        (line("10", "95", "70"), "100", "10.00"),
        (line("10", "95", "70"), "70", "0.00"),
        (line("10", "95", "70"), "69.99", "0.00"),
        (line("10", "95", "70"), "82.5", "5.00"),
        (line("10", "0", "4"), "1", "7.50"),  # fewer is better
        (line("10", "0", "4"), "9", "0.00"),
        (deduct("5", "1"), "5", "0.00"),
        (deduct("5", "1"), "6", "0.00"),
        (deduct("12", "3"), "4", "0.00"),
        (deduct("12", "3"), "0", "12.00"),
        (line("3", "1", "0"), "0.0016666666", "0.00"),
        (line("3", "1", "0"), "0.001666666667", "0.01"),  # half up
    ],
)
def test_caps_ends_and_rounding(scoring: Scoring, value: str, expected: str) -> None:
    assert points(scoring, d(value)) == d(expected)


@pytest.mark.parametrize(
    "scoring",
    [
        Scoring("target", d("10")),
        Scoring("target", d("10"), target=d("0"), cap=d("1.2")),
        Scoring("linear", d("10"), full_at=d("5"), zero_at=d("5")),
        Scoring("linear", d("10"), full_at=d("5")),
        Scoring("deduct", d("10"), step=d("0")),
        Scoring("deduct", d("10"), step=d("1"), cap=d("1")),
        Scoring("deduct", d("0"), step=d("1")),
        Scoring("deduct", d("101"), step=d("1")),
        Scoring("guess", d("10")),
    ],
)
def test_a_scoring_that_lacks_a_figure_is_refused(scoring: Scoring) -> None:
    with pytest.raises(ValueError, match="cannot be scored"):
        points(scoring, d("1"))


ROWS = [(7, d("1"), d("1")), (3, d("0"), d("1")), (5, d("1"), d("1"))]


def test_a_value_is_read_from_its_rows() -> None:
    assert value_of(COUNT, ROWS) == 3
    assert value_of(SUM, ROWS) == 2
    assert value_of(SHARE, ROWS) == d("2") / d("3")


def test_a_share_of_nothing_is_unknown_and_a_sum_of_nothing_is_zero() -> None:
    assert value_of(SHARE, []) is None
    assert value_of(SUM, []) == 0
    assert value_of(COUNT, []) == 0


ITEMS = [
    Item("financings", 1, SUM, "volume", target("40", "2")),
    Item("complaints", 1, SHARE, "satisfaction", line("35", "1", "0")),
    Item("warnings", 1, SHARE, "risk", line("25", "1", "0")),
]


def sheet(facts: dict, corrections: list | None = None):  # type: ignore[no-untyped-def, type-arg]
    return sheet_of(
        period="2026Q3",
        person=4,
        scheme={"id": 1},
        items=ITEMS,
        facts=facts,
        corrections=corrections or [],
        parameters=[],
    )


def test_what_is_unknown_is_neither_zero_nor_full_and_says_why() -> None:
    found = sheet({"financings": ROWS, "complaints": [], "warnings": None})
    assert [line["state"] for line in found.document["lines"]] == [MEASURED, NOTHING, NO_SOURCE]
    assert [line["points"] for line in found.document["lines"]] == ["40", None, None]
    assert (found.points, found.measured) == (d("40.00"), d("40.00"))


def test_a_correction_of_an_earlier_quarter_counts_in_this_one() -> None:
    found = sheet({"financings": ROWS}, [(9, d("-1.50")), (2, d("0.25"))])
    assert found.points == d("38.75")
    assert found.document["corrections"] == [[2, "0.25"], [9, "-1.5"]]


def test_the_same_facts_give_the_same_bytes_in_whatever_order_they_come() -> None:
    one = sheet({"financings": ROWS, "complaints": ROWS})
    other = sheet({"complaints": list(reversed(ROWS)), "financings": [ROWS[1], ROWS[0], ROWS[2]]})
    assert encode_canonical(one.document) == encode_canonical(other.document)
    assert encode_canonical(one.document) != encode_canonical(
        sheet({"financings": ROWS[:2], "complaints": ROWS}).document
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [("0", "0"), ("-0", "0"), ("1E+3", "1000"), ("10.500", "10.5"), ("0.10", "0.1"), ("-3.00", "-3"), ("100", "100")],
)
def test_a_number_has_one_text(number: str, text: str) -> None:
    assert text_of(d(number)) == text


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026Q1", "2026-01-01", "2026-03-31"),
        ("2026Q2", "2026-04-01", "2026-06-30"),
        ("2026Q3", "2026-07-01", "2026-09-30"),
        ("2026Q4", "2026-10-01", "2026-12-31"),
    ],
)
def test_a_quarter_has_its_days(code: str, first: str, last: str) -> None:
    quarter = quarter_named(code)
    assert (quarter.starts_on.isoformat(), quarter.ends_on.isoformat(), quarter.code) == (first, last, code)
    assert quarter_of(quarter.starts_on) == quarter_of(quarter.ends_on) == quarter
    assert quarter.next.previous == quarter
    start, end = quarter.moments
    assert (start.isoformat(), end.isoformat()) == (
        f"{first}T00:00:00+08:00",
        f"{quarter.next.starts_on}T00:00:00+08:00",
    )


@pytest.mark.parametrize("code", ["2026Q5", "2026Q0", "26Q1", "2026q1", "2026-1", "２０２６Q1", ""])
def test_what_is_no_quarter_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="no quarter"):
        quarter_named(code)


def test_quarters_follow_each_other_over_the_year() -> None:
    assert Quarter(2026, 4).next == Quarter(2027, 1)
    assert Quarter(2027, 1).previous == Quarter(2026, 4)
