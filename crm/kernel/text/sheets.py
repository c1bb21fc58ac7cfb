"""The one writer of tables that leave the system: csv and xlsx.

What a reader of spreadsheets would take for a formula stays text: in csv by an apostrophe before it, in xlsx by the
type of the cell. Rows are written one by one; neither writer keeps them in memory.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO

import xlsxwriter

from crm.kernel.text.numbers import SHANGHAI

Value = str | int | Decimal | date | datetime | None
FORMULA = frozenset("=+-@")
# What a cell of a workbook holds at most.
LONGEST_TEXT = 32_767
# Rows below the head of a workbook to fill in that offer their words.
MOST_TYPED = 10_000
# A workbook keeps figures as binary fractions of fifteen digits; its calendar begins in 1900.
MOST_DIGITS = 15
FIRST_YEAR = 1900
WIDTHS = {"date": 17, "num": 16, "key": 32}


@dataclass(frozen=True)
class Column:
    """A head, how wide it is (by the kind of its column) and the decimals of its figures.

    `words`: people fill in the column and choose among these, or type any text where there are none.
    """

    head: str
    kind: str = "text"
    places: int | None = None
    words: tuple[str, ...] | None = None


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could calculate `text`: by its first character that is neither blank nor invisible."""
    for character in unicodedata.normalize("NFKC", text):
        if unicodedata.category(character)[0] not in "ZC":
            return character in FORMULA
    return False


def harmless(text: str) -> str:
    """`text` as a csv cell that nothing calculates."""
    return f"'{text}" if is_formula(text) else text


def _as_text(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return harmless(value)
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def write_csv(out: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> None:
    """UTF-8 with a byte order mark, so that Excel reads Chinese; figures without separators, dates as 2026-01-31."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    lines = csv.writer(text)
    lines.writerow([harmless(column.head) for column in columns])
    for row in rows:
        lines.writerow([_as_text(value) for value in row])
    text.detach()


def write_xlsx(out: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> None:
    """One sheet with a fixed head; figures and dates are figures and dates, every text is a text."""
    # Row after row goes to a file of its own and is forgotten.
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    typed = book.add_format({"num_format": "@"})
    figures = {places: book.add_format({"num_format": _shape(places)}) for places in {c.places for c in columns}}
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(columns):
        # What is typed stays the text that it is: a code of 18 digits is no figure.
        sheet.set_column(at, at, WIDTHS.get(column.kind, 20), None if column.words is None else typed)
        if column.words:
            sheet.data_validation(1, at, MOST_TYPED, at, {"validate": "list", "source": list(column.words)})
        sheet.write_string(0, at, column.head, bold)
    for line, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            if isinstance(value, date) and value.year >= FIRST_YEAR:
                has_time = isinstance(value, datetime)
                local = value.astimezone(SHANGHAI).replace(tzinfo=None) if isinstance(value, datetime) else value
                sheet.write_datetime(line, at, local, moment if has_time else day)
            elif isinstance(value, int | Decimal) and len(Decimal(value).normalize().as_tuple().digits) <= MOST_DIGITS:
                sheet.write_number(line, at, value, figures[columns[at].places])
            elif value is not None:
                sheet.write_string(line, at, (value if isinstance(value, str) else _as_text(value))[:LONGEST_TEXT])
    book.close()


def _shape(places: int | None) -> str:
    if places is None:
        return "General"
    return f"#,##0.{'0' * places}" if places else "#,##0"


WRITERS = {"xlsx": write_xlsx, "csv": write_csv}
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
