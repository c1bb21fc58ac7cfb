"""A table is read rightly or refused as a whole with row, column and reason; nothing is evaluated."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from crm.kernel.imports.rules.tables import TableLimits, TableRefused, letters_of, read_table
from crm.kernel.imports.rules.values import read_choice, read_day
from crm.kernel.imports.tests.support import as_csv, as_xlsx

LIMITS = TableLimits(rows=5, columns=4, cell=30)
HEADER = ["客户名称", "信用代码"]
ROW = ["福建闽江水务有限公司", "91350100M000100Y43"]


def read(upload):
    return read_table(upload.file, upload.name.rsplit(".", 1)[1], LIMITS)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_each_of_its_charsets(charset):
    table = read(as_csv([HEADER, ROW], charset))
    assert (table.headers, table.rows) == (HEADER, [(2, ROW)])


def test_a_title_and_blank_rows_above_and_between_are_passed_over():
    table = read(as_xlsx([["二〇二六年客户清单"], [], HEADER, [], ROW]))
    assert (table.headers, table.rows) == (HEADER, [(5, ROW)])


def test_numbers_and_days_are_read_as_they_are_seen():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["代码", "日期", "公式"])
        sheet.write_number(1, 0, 350100)
        sheet.write_datetime(1, 1, date(2026, 1, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
        # What the program that saved it last computed; ours computes nothing.
        sheet.write_formula(1, 2, '=HYPERLINK("http://example.com","x")', value="42")
    target.seek(0)
    assert read_table(target, "xlsx", LIMITS).rows == [(2, ["350100", "2026-01-05", "42"])]


@pytest.mark.parametrize(
    ("upload", "code", "about"),
    [
        (as_xlsx([HEADER]), "empty", {}),
        (as_csv([[], [], []]), "empty", {}),
        (as_xlsx([HEADER, *[ROW] * 6]), "rows", {"high": 5}),
        (as_xlsx([["a", "b", "c", "d", "e"], ROW]), "columns", {"high": 4}),
        (as_xlsx([["客户名称", "", "信用代码"], [*ROW, "x"]]), "header_missing", {"column": "B"}),
        (as_xlsx([["客户名称", "客户名称"], ROW]), "header_twice", {"header": "客户名称"}),
        (as_xlsx([HEADER, ROW, ["", *ROW]]), "shifted", {"row": 3, "column": "C"}),
        (as_xlsx([HEADER, ["长" * 31, "x"]]), "cell", {"row": 2, "column": "A", "high": 30}),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_table_that_cannot_be_taken_is_refused_with_row_and_column(upload, code, about):
    with pytest.raises(TableRefused) as refused:
        read(upload)
    assert (refused.value.code, refused.value.about) == (code, about)


def test_a_cell_far_away_is_refused_before_the_memory_is_filled():
    packed = io.BytesIO()
    with zipfile.ZipFile(as_xlsx([HEADER, ROW]).file) as good, zipfile.ZipFile(packed, "w") as bad:
        for name in good.namelist():
            part = good.read(name)
            if name.endswith("sheet1.xml"):
                part = part.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            bad.writestr(name, part)
    packed.seek(0)
    with pytest.raises(TableRefused) as refused:
        read_table(packed, "xlsx", LIMITS)
    assert refused.value.code == "columns"


def test_two_million_empty_rows_are_passed_over():
    file = io.BytesIO((",".join(HEADER) + "\n" + ",".join(ROW) + "\n" + ",\n" * 2_000_000).encode())
    assert read_table(file, "csv", LIMITS).rows == [(2, ROW)]


@pytest.mark.parametrize("text", ["2026-01-05", "2026/1/5", "2026年1月5日", "20260105", "46027", "２０２６－１－５"])
def test_a_day_is_read_in_each_way_of_writing_it(text):
    assert read_day(text) == date(2026, 1, 5)


@pytest.mark.parametrize("text", ["2026-13-01", "昨天", "1.5", "99999", ""])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError):
        read_day(text)


def test_a_choice_is_read_by_its_word_or_its_code():
    assert {read_choice(text, {"企业": "company"}) for text in ("企业", " COMPANY", "ｃｏｍｐａｎｙ")} == {"company"}


def test_columns_are_called_as_spreadsheets_call_them():
    assert [letters_of(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
