"""Amounts in cells: every usual way of writing them, in the unit of the cell or else of the header."""

from decimal import Decimal

import pytest

from crm.kernel.imports.rules.values import read_amount, without_unit


@pytest.mark.parametrize(
    ("text", "header", "yuan"),
    [
        ("1,234.50", "金额", "1234.50"),
        ("￥１，２３４．５", "金额", "1234.50"),
        ("9,999(万)", "金额", "99990000.00"),
        ("9,999（万元）", "金额", "99990000.00"),
        ("1.2亿", "金额", "120000000.00"),
        ("8600", "合同金额（万元）", "86000000.00"),
        ("8600万", "合同金额（万元）", "86000000.00"),
        ("86000000元", "合同金额（万元）", "86000000.00"),
        ("0.5", "余额(单位：亿元)", "50000000.00"),
        ("人民币 300 百万元", "余额", "300000000.00"),
        ("86000000", "余额(元)", "86000000.00"),
        ("-5", "余额", "-5.00"),
        ("0", "余额（万元）", "0.00"),
    ],
)
def test_an_amount_is_read_in_the_unit_of_its_cell_or_header(text, header, yuan):
    assert read_amount(text, header) == Decimal(yuan)


@pytest.mark.parametrize(
    "text", ["", "约8600万", "1,23", "1.234,5", "0.001", "8600美元", "万", "1e9", "8600万万", "NaN"]
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError):
        read_amount(text)


def test_an_amount_of_another_currency_is_never_taken_for_yuan():
    for header in ("金额（美元）", "Amount (USD)", "余额(万美元)"):
        with pytest.raises(ValueError):
            read_amount("100", header)


@pytest.mark.parametrize(
    ("header", "plain"),
    [
        ("合同金额（万元）", "合同金额"),
        ("余额(单位:亿元)*", "余额"),
        ("金额/元", "金额"),
        ("客户名称*", "客户名称"),
        ("金额", "金额"),
    ],
)
def test_a_header_is_known_without_its_unit(header, plain):
    assert without_unit(header) == plain
