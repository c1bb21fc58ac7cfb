"""Ratios, periods, Altman: the vectors of rules-2 2.7 and 3.4 and rules 3.5, and what holds whatever the figures."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clients.statements.rules.altman import MODELS, Firm, choose_model, score_firm
from clients.statements.rules.formulas import BY_CODE, DERIVED, RATIOS
from clients.statements.rules.periods import FLOW, Book, Figures, fill_blanks
from clients.statements.rules.ratios import Reader, derive, read_sum, work_out

D = Decimal
FY24, FY23 = date(2024, 12, 31), date(2023, 12, 31)
NOTES = "M01 2150 M02 120 M03 400 M04 3000 M05 0 M06 0 M07 2100 M08 0"
CLOSING = (
    "A101 7000 A104 1000 A105 10000 A106 500 A107 800 A108 600 A109 8000 A110 400 A113 300 A199 28600 A208 18000 "
    "A209 2500 A212 600 A213 2500 A216 200 A217 150 A299 23950 A999 52550 L101 8000 L104 2000 L105 6000 L107 900 "
    "L108 450 L109 400 L110 800 L112 1500 L199 20050 L201 7500 L203 450 L206 300 L299 8250 L999 28300 E101 10000 "
    "E103 3000 E107 1370 E108 9880 E198 24250 E190 0 E999 24250 T999 52550"
)
OPENING = (
    "A101 6200 A104 900 A105 8000 A106 0 A107 700 A108 500 A109 7000 A113 200 A199 23500 A208 17500 A209 1000 "
    "A213 2400 A217 100 A299 21000 A999 44500 L101 7000 L104 1500 L105 5500 L107 800 L108 400 L109 300 L110 700 "
    "L112 1300 L199 17500 L201 6000 L299 6000 L999 23500 E101 10000 E103 3000 E107 1200 E108 6800 E198 21000 "
    "E190 0 E999 21000 T999 44500"
)
YEAR = (
    "P01 60000 P02 47500 P03 380 P04 2300 P05 2900 P06 1500 P07 820 P071 880 P072 70 P08 200 P09 60 P12 -260 "
    "P13 -90 P14 20 P20 4530 P21 40 P22 70 P30 4500 P31 1050 P40 3450 P43 3450 P44 0 C01 64500 C02 150 C03 600 "
    "C09 65250 C11 50200 C12 5600 C13 2700 C14 3050 C19 61550 C20 3700 C31 3900 C22 60 C23 40 C29 100 C39 3900 "
    "C40 -3800 C42 12500 C49 12500 C51 10300 C52 1200 C53 200 C59 11700 C60 800 C80 700 C81 5900 C90 6600"
)
YEAR_BEFORE = (
    "P01 48000 P02 38500 P03 300 P04 1900 P05 2600 P06 1100 P07 700 P071 760 P08 150 P09 40 P12 -120 P13 -60 "
    "P20 2910 P21 30 P22 40 P30 2900 P31 650 P40 2250 P43 2250"
)


def read(text: str) -> dict[str, Decimal]:
    """Code and 万元 in turn, as yuan."""
    words = text.split()
    return {code: D(value) * 10000 for code, value in zip(words[::2], words[1::2], strict=True)}


BALANCE_NOTES = {code: value for code, value in read(NOTES).items() if not FLOW.fullmatch(code)}
FLOW_NOTES = {code: value for code, value in read(NOTES).items() if FLOW.fullmatch(code)}
LAST = Figures(
    FY24, closing=read(CLOSING) | BALANCE_NOTES, opening=read(OPENING), ytd=read(YEAR) | FLOW_NOTES,
    comparative=read(YEAR_BEFORE),
)  # fmt: skip
FIRST = Figures(FY23, closing=read(OPENING), ytd=read(YEAR_BEFORE), comparative=read("P01 43500"))
OLD = Figures(date(2021, 12, 31), ytd=read("P01 39000"))
VECTOR = Book([LAST, FIRST, OLD])

LISTED = (
    "R01 .5385 R02 1.4264 R03 1.0274 R04 .3292 R05 5.3800 R06 7.5300 R07 2.3174 R08 1.1670 R09 .3321 "
    "R10 1.3570 R11 .5444 R12 .6947 R13 6.6667 R14 6.3333 R15 8.2609 R16 67.2632 R17 1.2365 R18 .2083 "
    "R19 .0755 R20 .0575 R21 .1109 R22 .1525 R23 .1255 R24 .1253 R25 .2500 R26 .5333 R27 .1809 "
    "R28 .1544 R29 .1845 R30 1.0750 R31 1.0725 R32 .2120 R33 -2000000 R34 .7085 R35 .6958 R36 .1237"
)
EXPECTED = dict(re.findall(r"(R\d+) (\S+)", LISTED))


def change(figures: Figures, **lines: object) -> Figures:
    """The set with single lines of its own columns set, or taken away with None."""

    def put(column: Mapping[str, Decimal], flows: bool) -> dict[str, Decimal]:
        mine = {c: v for c, v in lines.items() if bool(FLOW.fullmatch(c)) is flows}
        kept = {c: v for c, v in column.items() if c not in mine}
        return kept | {c: D(str(v)) for c, v in mine.items() if v is not None}

    return replace(figures, closing=put(figures.closing, False), ytd=put(figures.ytd, True))


@pytest.mark.parametrize("code", [ratio.code for ratio in RATIOS])
def test_the_vector_of_the_rules(code: str) -> None:
    result = work_out(VECTOR, FY24)[code]
    assert result.reason is None
    assert result.value is not None
    assert result.value.quantize(D(EXPECTED[code])) == D(EXPECTED[code])


def test_the_derived_amounts_of_the_vector() -> None:
    amounts = {code: amount.value for code, amount in derive(VECTOR, FY24).items()}
    assert amounts == read("IBD 17450 SIBD 9500 EBIT 5380 EBITDA 7530 INT 1000 CASH 6600 TNW 23500 WC 8550")


def test_without_the_year_of_the_base_growth_takes_two_years_from_the_comparative_column() -> None:
    result = work_out(Book([LAST, FIRST]), FY24)["R28"]
    assert result.flags == ("from_comparative", "n=2")
    assert result.value is not None and result.value.quantize(D("0.0001")) == D("0.1744")


@pytest.mark.parametrize(
    ("code", "lines", "reason"),
    [
        ("R01", {"A999": 0}, "NB"),
        ("R02", {"L199": 0}, "GOOD"),
        ("R02", {"L199": -1}, "BAD"),
        ("R05", {"P071": 0, "M02": 0}, "GOOD"),
        ("R07", {"M01": -100_000_000}, "BAD"),
        ("R08", {"E999": 0}, "BAD"),
        ("R18", {"P01": 0}, "NB"),
        ("R22", {"E198": -1}, "BAD"),
        ("R31", {"P40": 0}, "BASE"),
        ("R36", {"E999": -5}, "BAD"),
        ("R06", {"M01": None}, "MISS"),
        ("R05", {"M02": None}, "MISS"),
        ("R04", {"M03": None}, "MISS"),
        ("R03", {"A109": None}, "MISS"),
    ],
)
def test_no_number_without_a_denominator_or_an_input_but_one_reason(code: str, lines: dict, reason: str) -> None:
    result = work_out(Book([change(LAST, **lines), FIRST, OLD]), FY24)[code]
    assert (result.value, result.reason) == (None, reason)


def test_no_debt_is_a_debt_of_no_years() -> None:
    lines = dict.fromkeys(["L101", "L112", "L201", "L202", "L203", "L204", "M05", "M06"], 0)
    found = work_out(Book([change(LAST, **lines), FIRST]), FY24)
    assert found["R07"].value == 0
    assert (found["R11"].reason, found["R12"].reason, found["R32"].reason) == ("GOOD", "GOOD", "GOOD")


@pytest.mark.parametrize(
    ("before", "now", "detail"),
    [(-5, 3, "turned_profit"), (-5, -2, "loss_narrowed"), (-5, -9, "loss_widened"), (0, 0, "loss_unchanged")],
)
def test_growth_from_a_loss_says_what_became_of_it(before: int, now: int, detail: str) -> None:
    book = Book([change(LAST, P40=now), change(FIRST, P40=before)])
    result = work_out(book, FY24)["R26"]
    assert (result.value, result.reason, result.detail) == (None, "BASE", detail)


def test_a_profit_that_became_a_loss_falls_by_more_than_all_of_it() -> None:
    value = work_out(Book([change(LAST, P40=-30), change(FIRST, P40=20)]), FY24)["R26"].value
    assert value == D("-2.5")


def test_missing_interest_is_taken_from_the_finance_cost_for_ebit_alone() -> None:
    found = derive(Book([change(LAST, P071=None), FIRST]), FY24)
    assert (found["EBIT"].value, found["EBIT"].flags) == (D(53_200_000), ("approx",))
    assert found["INT"].value is None


HALF25, HALF24, Q125 = date(2025, 6, 30), date(2024, 6, 30), date(2025, 3, 31)


def sales(day: date, amount: int) -> Figures:
    return Figures(day, ytd=read(f"P01 {amount}"))


def test_last_twelve_months_and_the_quarter_of_the_rules() -> None:
    half, before = sales(HALF25, 33000), sales(HALF24, 28000)
    book = Book([LAST, half, before, sales(Q125, 15200)])
    assert book.last_twelve_months("P01", HALF25).value == read("P01 65000")["P01"]
    assert book.quarter("P01", HALF25).value == read("P01 17800")["P01"]
    assert book.quarter("P01", Q125).value == read("P01 15200")["P01"]
    without = Book([LAST, half]).last_twelve_months("P01", HALF25)
    assert without.value is None
    assert [(gap.line, gap.day, gap.has_set) for gap in without.gaps] == [("P01", HALF24, False)]
    compared = Book([LAST, replace(half, comparative=read("P01 28000"))]).last_twelve_months("P01", HALF25)
    assert (compared.value, compared.flags) == (read("P01 65000")["P01"], ("from_comparative",))


def test_an_average_takes_twelve_months_then_the_opening_then_the_closing_alone() -> None:
    def stock(day: date, amount: int, opening: str = "") -> Figures:
        return Figures(day, closing={"A109": D(amount)}, opening=read(opening))

    half, before, year = stock(HALF25, 100), stock(HALF24, 50), stock(FY24, 80)
    cases = [([half, before, year], 75, ()), ([half, year], 90, ("avg=year_open",)), ([half], 100, ("avg=end_only",))]
    for sets, mean, flags in cases:
        average = Book(sets).average("A109", HALF25)
        assert (average.value, average.flags) == (mean, flags)


def test_scopes_currencies_and_two_sets_of_one_day_are_never_mixed() -> None:
    for other in (replace(FIRST, scope="parent"), replace(FIRST, currency="USD"), LAST):
        with pytest.raises(ValueError, match=r"mixes|two sets"):
            Book([LAST, other])


def test_a_blank_line_is_0_only_where_the_others_make_up_the_total() -> None:
    full = {"C01": D(10), "C09": D(10)}
    assert fill_blanks(full, ulp=D("0.01"), scope="parent")["C02"] == 0
    assert "C02" not in fill_blanks({**full, "C09": D(50)}, ulp=D("0.01"), scope="parent")
    assert "M06" not in fill_blanks({"L110": D(5), "L113": D(0)}, ulp=D("0.01"), scope="parent")
    assert fill_blanks({"L110": D(0), "L113": D(0)}, ulp=D("0.01"), scope="parent")["M06"] == 0


# Altman


def as_book(x: str, liabilities: int, market: str = "0") -> Book:
    """A set of assets 10,000 whose X1 to X3 and X5 are the figures of `x`, with equity or market value by X4."""
    x1, x2, x3, x4, x5 = (D(one) for one in x.split())
    closing = {"A999": D(10000), "L999": D(liabilities), "A199": x1 * 10000, "L199": D(0), "E107": x2 * 10000}
    closing |= {"E108": D(0), "E999": x4 * liabilities, "M11": x4 * liabilities}
    return Book([Figures(FY24, closing=closing, ytd={"P30": x3 * 10000, "P071": D(0), "P01": x5 * 10000})])


@pytest.mark.parametrize(
    ("x", "firm", "score", "zone"),
    [
        ("0.10 0.20 0.20 0.60 0.80", Firm("C", is_listed=True), "2.2200", "grey"),
        ("0.34 0.15 0 0.80 1.6", Firm("C", is_listed=True), "2.6980", "grey"),
        ("0.12 0.20 0.09 0.81818181818 0.8", Firm("C"), "1.6771", "grey"),
        ("0.12 0.20 0.09 0.81818181818 0.8", Firm("E"), "2.9031", "safe"),
    ],
)
def test_the_published_altman_scores(x: str, firm: Firm, score: str, zone: str) -> None:
    found = score_firm(as_book(x, 5500), FY24, firm)
    assert found.score is not None
    assert (str(found.score.quantize(D("0.0001"))), found.zone) == (score, zone)
    if firm.section == "E":
        assert found.em is not None and MODELS["em"].zone(found.em) == "safe"
        assert found.em.quantize(D("0.0001")) == D("6.1531")


WEIGHED = ["0.1627", "0.2141", "0.1024", "0.8569", "1.1418"]


def test_the_altman_score_of_the_vector() -> None:
    found = score_firm(VECTOR, FY24, Firm("C"))
    assert [str(value.quantize(D("0.0001"))) for value in found.values] == WEIGHED
    assert found.score is not None and found.score.quantize(D("0.0001")) == D("2.1155")
    assert found.zone == "grey"


@pytest.mark.parametrize(
    ("firm", "choice", "model"),
    [
        (Firm("C", is_listed=True), "listed_manufacturer", "z"),
        (Firm("C"), "private_manufacturer", "z_private"),
        (Firm("D", is_listed=True), "other_firm", "z_other"),
        (Firm("J"), "bank_or_insurer", None),
        (Firm("D", is_spv_under_construction=True), "spv_under_construction", None),
    ],
)
def test_the_model_follows_the_firm(firm: Firm, choice: str, model: str | None) -> None:
    found, chosen = choose_model(firm)
    assert (found, chosen and chosen.code) == (choice, model)


def test_boundaries_are_grey_and_no_score_without_debt_assets_or_market_value() -> None:
    for model in MODELS.values():
        assert {model.zone(model.distress), model.zone(model.safe)} == {"grey"}
        assert model.zone(model.distress - D("0.01")) == "distress"
        assert model.zone(model.safe + D("0.01")) == "safe"
    for lines, trouble in (({"L999": 0}, "no_liabilities"), ({"A999": 0}, "no_assets"), ({"E999": None}, "missing")):
        found = score_firm(Book([change(LAST, **lines)]), FY24, Firm("C"))
        assert (found.score, found.trouble) == (None, trouble)
    assert score_firm(VECTOR, FY24, Firm("C", is_listed=True)).trouble == "missing"


# Whatever the figures

LINES = sorted(set(LAST.closing) | set(LAST.ytd))
anything = st.decimals(allow_nan=True, allow_infinity=True) | st.decimals(-100, 100, places=2)
columns = st.dictionaries(st.sampled_from([*LINES, "A102", "M11"]), anything, max_size=40)


@given(columns, columns, columns, columns)
def test_no_figures_raise_and_each_ratio_is_a_number_or_one_reason(a: dict, b: dict, c: dict, d: dict) -> None:
    book = Book([Figures(FY24, closing=a, opening=b, ytd=c, comparative=d), Figures(FY23, closing=d, ytd=b)])
    for result in work_out(book, FY24).values():
        assert (result.value is None) == (result.reason is not None)
        assert result.value is None or result.value.is_finite()
    score_firm(book, FY24, Firm("C"))


@given(st.sampled_from(LINES))
def test_what_is_missing_never_gives_another_number(line: str) -> None:
    whole = work_out(VECTOR, FY24)
    for code, result in work_out(Book([change(LAST, **{line: None}), FIRST, OLD]), FY24).items():
        unchanged = result.value == whole[code].value
        assert unchanged or result.reason == "MISS" or "approx" in result.flags, (code, line)


@given(st.integers(1, 10**9))
def test_ratios_do_not_depend_on_the_unit(factor: int) -> None:
    def scale(one: Figures) -> Figures:
        names = ("closing", "opening", "ytd", "comparative")
        return replace(one, **{n: {c: v * factor for c, v in getattr(one, n).items()} for n in names})

    scaled = work_out(Book([scale(LAST), scale(FIRST), scale(OLD)]), FY24)
    for code, result in work_out(VECTOR, FY24).items():
        assert result.value is not None
        wanted = result.value * factor if result.ratio.unit == "yuan" else result.value
        assert abs(scaled[code].value - wanted) <= abs(wanted) * D("1e-25")  # type: ignore[operator]


QUOTIENTS = [ratio for ratio in RATIOS if ratio.kind == "quotient"]


@given(st.sampled_from(QUOTIENTS), st.integers(0, 10**9), st.data())
def test_a_quotient_rises_with_its_numerator(ratio, more: int, data) -> None:
    """Each single line that stands in the numerator and nowhere else moves the ratio in the direction of its sign."""
    top, bottom = expand(ratio.top), expand(ratio.bottom)
    line = data.draw(st.sampled_from(sorted(top)))
    assume(line not in bottom and line in {*LAST.closing, *LAST.ytd})
    own = LAST.ytd if FLOW.fullmatch(line) else LAST.closing
    before = work_out(VECTOR, FY24)[ratio.code].value
    after = work_out(Book([change(LAST, **{line: own[line] + more}), FIRST, OLD]), FY24)[ratio.code].value
    assert before is not None
    assume(after is not None)
    assert (after - before) * top[line] >= 0


def expand(formula: str) -> dict[str, int]:
    """The lines of a formula with their signs, derived amounts opened."""
    found: dict[str, int] = {}
    for sign, name in read_sum(formula):
        name = name.removeprefix("avg:")
        if name in DERIVED:
            found |= {line: inner * sign for line, inner in expand(DERIVED[name]).items()}
        else:
            found["P071" if name == "interest" else name] = sign
    return found


def test_every_formula_names_lines_that_exist_and_every_ratio_has_both_names() -> None:
    known = {*LINES, "A102", "A103", "L202", "L204", "A214", "A215", "M11"}
    for ratio in RATIOS:
        if ratio.kind in ("quotient", "amount"):
            assert set(expand(ratio.top)) | set(expand(ratio.bottom)) <= known
        assert ratio.zh and ratio.en
    assert len(BY_CODE) == len(RATIOS) == 36
    assert Reader(VECTOR, FY24).read("prev:P01").value == read("P01 48000")["P01"]
