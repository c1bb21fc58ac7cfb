"""visual 5 and rules 10.6: how figures are written, and amounts in capitals against an independent reader."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.text import numbers
from crm.kernel.text.capitals import money_capitals

D = Decimal


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1409.50", "人民币壹仟肆佰零玖元伍角整"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
        ("100005000", "人民币壹亿零伍仟元整"),
        ("1680.32", "人民币壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "人民币壹拾万柒仟元伍角叁分"),
        ("0", "人民币零元整"),
        ("0.05", "人民币伍分"),
        ("10", "人民币壹拾元整"),
        ("72000000", "人民币柒仟贰佰万元整"),
        ("100000000", "人民币壹亿元整"),
        ("1000000000001", "人民币壹万亿零壹元整"),
        ("100010001", "人民币壹亿零壹万零壹元整"),
        ("20000000.01", "人民币贰仟万元零壹分"),
        ("-5", "人民币负伍元整"),
    ],
)
def test_amounts_in_capitals(amount: str, text: str) -> None:
    assert money_capitals(D(amount)) == text


DIGITS = {mark: value for value, mark in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_whole(text: str) -> int:
    """Read back by adding up: written for the test, knows nothing of how the writer groups."""
    if "亿" in text:
        high, low = text.rsplit("亿", 1)
        return read_whole(high) * 10**8 + read_whole(low)
    if "万" in text:
        high, low = text.rsplit("万", 1)
        return read_whole(high) * 10**4 + read_whole(low)
    total, digit = 0, 0
    for mark in text:
        if mark in DIGITS:
            digit = DIGITS[mark]
        else:
            total, digit = total + digit * UNITS[mark], 0
    return total + digit


def read_capitals(text: str) -> D:
    text = text.removeprefix("人民币").removesuffix("整")
    sign = -1 if text.startswith("负") else 1
    text = text.removeprefix("负")
    whole, _yuan, cents = text.partition("元") if "元" in text else ("", "", text)
    jiao = DIGITS[cents[cents.index("角") - 1]] if "角" in cents else 0
    fen = DIGITS[cents[cents.index("分") - 1]] if "分" in cents else 0
    return sign * (D(read_whole(whole)) + D(jiao) / 10 + D(fen) / 100)


@given(st.decimals("-9999999999999999.99", "9999999999999999.99", places=2))
def test_amounts_in_capitals_read_back_as_the_same_amount(amount: D) -> None:
    text = money_capitals(amount)
    assert read_capitals(text) == amount
    assert "零零" not in text
    assert "零元" not in text or amount == 0
    assert text.endswith("整") == (amount * 100 % 10 == 0)


@given(st.integers(0, 10**16 - 1))
def test_a_gap_between_digits_is_never_silent(amount: int) -> None:
    """Two digits that are not neighbours in their group have 零 between them."""
    text = money_capitals(amount)
    assert text.count("零") <= len(str(amount))
    for left, right in (("仟", "拾"),):
        for place in range(len(text) - 2):
            if text[place] == left and text[place + 2] == right:
                assert text[place + 1] not in "壹贰叁肆伍陆柒捌玖"


@pytest.mark.parametrize("amount", ["0.001", "10000000000000000"])
def test_capitals_refuse_what_they_cannot_write_exactly(amount: str) -> None:
    with pytest.raises(ValueError, match="capitals"):
        money_capitals(D(amount))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("72000000", "7,200.00 万元"),
        ("205000000", "2.0500 亿元"),
        ("99999999.99", "10,000.00 万元"),
        ("100000000", "1.0000 亿元"),
        ("50", "0.01 万元"),
        ("49.99", "0.00 万元"),
        ("-72000000", "\u22127,200.00 万元"),
        ("-0.01", "0.00 万元"),
    ],
)
def test_money_is_shown_in_the_unit_of_its_size(amount: str, text: str) -> None:
    assert numbers.money_auto(D(amount)) == text


def test_the_small_forms() -> None:
    assert numbers.money_exact(D("72000000")) == "¥72,000,000.00"
    assert numbers.money_exact(D("-3"), "USD") == "US$\u22123.00"
    assert numbers.money_wan(D("72000000"), unit=False) == "7,200.00"
    assert numbers.ratio(D("1.295")) == "1.30×"
    assert numbers.percent(D("0.2")) == "20.0%"
    assert numbers.percent(D("0.2505"), 2) == "25.05%"
    assert numbers.percent_points(D("0.029")) == "+2.9 pp"
    assert numbers.percent_points(D("-0.029")) == "\u22122.9 pp"
    assert numbers.rate(D("0.0365")) == "3.65%"
    assert numbers.basis_points(D("0.0015")) == "+15 bp"
    assert numbers.money_auto(None) == numbers.ratio(None) == numbers.percent(None) == "—"
    assert numbers.quarter_axis(date(2026, 9, 30)) == "26Q3"


@given(st.decimals("-99999999999999999999", "99999999999999999999", places=4))
def test_rounding_is_half_up_and_never_far(amount: D) -> None:
    text = numbers.figure(amount).replace("\u2212", "-").replace(",", "")
    assert abs(D(text) - amount) <= D("0.005")
    assert text != "-0.00"


def test_a_float_is_refused() -> None:
    for write in (numbers.money_wan, numbers.money_exact, numbers.figure, money_capitals):
        with pytest.raises(TypeError):
            write(1.5)  # type: ignore[operator]


def test_dates_of_this_year_are_short_and_today_has_a_word() -> None:
    today = date(2026, 11, 20)
    assert numbers.date_short(date(2026, 11, 18), today) == "11-18"
    assert numbers.date_short(date(2025, 11, 18), today) == "2025-11-18"
    with translation.override("en"):
        assert numbers.date_short(today, today) == "today"
    late = datetime(2026, 11, 18, 17, 30, tzinfo=UTC)
    assert numbers.moment_short(late, today) == "11-19 01:30"
    assert numbers.moment_long(late) == "2026-11-19 01:30"
    assert numbers.date_short(late, today) == "11-19"
