"""Promises of the files that leave the system: what is a figure is a figure, and no text is ever calculated."""

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.kernel.text.sheets import Column, Value, is_formula, write_csv, write_xlsx

FORMULAS = [
    f"{before}{sign}1+cmd|' /C calc'!A0"
    for before in ("", " ", "\t", "\r", "\n", "\x00", "\ufeff", "\u3000", "\u200b")
    for sign in "=+-@＝＋－＠"
]
NAME = Column("名称", "key")


def csv_of(rows: list[list[Value]], *columns: Column) -> list[list[str]]:
    out = io.BytesIO()
    write_csv(out, columns or [NAME] * len(rows[0]), rows)
    return list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))


def sheet_of(rows: list[list[Value]], *columns: Column) -> str:
    out = io.BytesIO()
    write_xlsx(out, columns or [NAME] * len(rows[0]), rows)
    return zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml").decode()


def test_no_text_is_calculated_whatever_stands_before_the_sign() -> None:
    assert [text for text in FORMULAS if not is_formula(text)] == []
    assert all(line[0].startswith("'") for line in csv_of([[text] for text in FORMULAS])[1:])
    sheet = sheet_of([[text] for text in FORMULAS])
    assert "<f>" not in sheet and sheet.count('t="inlineStr"') == 1 + len(FORMULAS)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
@settings(max_examples=100)
def test_a_csv_gives_every_text_back(text: str) -> None:
    [[back]] = csv_of([[text]])[1:]
    assert back == (f"'{text}" if is_formula(text) else text)


def test_figures_and_days_are_no_texts() -> None:
    row: list[Value] = [Decimal("-7200.5"), 12, date(2026, 1, 31), datetime(2026, 1, 31, 2, 30, tzinfo=UTC), None]
    heads = [Column("金额", "num", 2), *[Column(word) for word in ("期限", "日期", "时间", "空")]]
    assert csv_of([row], *heads)[1] == ["-7200.5", "12", "2026-01-31", "2026-01-31 10:30", ""]
    cells = re.findall(r'<c r="(\w+)"[^>]*?(?: t="(\w+)")?><v>([^<]+)</v>', sheet_of([row], *heads))
    assert [(place, value) for place, kind, value in cells if kind != "s"] == [
        ("A2", "-7200.5"),
        ("B2", "12"),
        ("C2", "46053"),
        ("D2", "46053.4375"),
    ]


@pytest.mark.parametrize("value", [Decimal("12345678901234567.89"), date(1899, 12, 31)], ids=["long", "old"])
def test_what_a_workbook_would_falsify_is_written_as_text(value: Value) -> None:
    assert f"{value}" in sheet_of([[value]]) and sheet_of([[value]]).count("inlineStr") == 2


def test_a_file_begins_with_the_mark_that_lets_excel_read_chinese() -> None:
    out = io.BytesIO()
    write_csv(out, [NAME], [["江海"]])
    assert out.getvalue() == b"\xef\xbb\xbf" + "名称\r\n江海\r\n".encode()
