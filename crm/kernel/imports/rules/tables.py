"""Reading a table that somebody sent: which row is the header, what each cell says. Nothing is evaluated.

Of a formula its stored value counts. Libraries read the formats: python-calamine the workbooks, `csv` the rest.
"""

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO

import python_calamine

from crm.kernel.attachments.rules.text import check_text

_CELL = re.compile(rb'\br="([A-Z]{0,3})(\d{1,7})"')
_OVERLAP = 16
# A header is looked for among the first rows: titles and blank rows stand above it.
_ABOVE = 10
_DELIMITERS = ",\t;"


@dataclass(frozen=True)
class TableLimits:
    """How large a table may be; `area`: cells between the first and the farthest one of a sheet."""

    rows: int
    columns: int
    cell: int
    area: int = 20_000_000


class TableRefused(Exception):
    """The table as a whole cannot be taken: a code and what it is about."""

    def __init__(self, code: str, **about: object) -> None:
        super().__init__(code)
        self.code, self.about = code, about


@dataclass(frozen=True)
class Table:
    """The headers, and each row that says anything with its number in the file."""

    headers: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(file: BinaryIO, extension: str, limits: TableLimits) -> Table:
    """The first sheet that holds anything, or the csv in UTF-8, UTF-16 (with its mark) or GB18030."""
    rows = _csv_rows(file) if extension == "csv" else _sheet_rows(file, limits)
    return _as_table(rows, limits)


def letters_of(column: int) -> str:
    """A column's name in a spreadsheet: 0 is A, 26 is AA."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _csv_rows(file: BinaryIO) -> Iterator[list[str]]:
    charset = check_text(file, cells=True)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8-sig" if charset == "utf-8" else charset, newline="")
    try:
        first = text.readline()
        text.seek(0)
        delimiter = max(_DELIMITERS, key=first.count)
        yield from csv.reader(text, delimiter=delimiter)
    except csv.Error as error:
        raise TableRefused("damaged") from error
    finally:
        text.detach()


def _sheet_rows(file: BinaryIO, limits: TableLimits) -> Iterator[list[Any]]:
    _refuse_far_cells(file, limits)
    file.seek(0)
    try:
        book = python_calamine.load_workbook(file)
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height and sheet.start:
                # The rows come from the first used column on; columns keep their letters.
                left = [""] * sheet.start[1]
                return (left + row for row in sheet.iter_rows())
    except python_calamine.PasswordError as error:
        raise TableRefused("password") from error
    except python_calamine.CalamineError as error:
        raise TableRefused("damaged") from error
    return iter(())


def _refuse_far_cells(file: BinaryIO, limits: TableLimits) -> None:
    """A reader holds every cell up to the farthest one: a single one at XFD1048576 would fill the memory."""
    file.seek(0)
    with zipfile.ZipFile(file) as package:
        for name in package.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            width = height = 1
            with package.open(name) as part:
                rest = b""
                while piece := part.read(1 << 20):
                    for letters, number in _CELL.findall(rest + piece):
                        height = max(height, int(number))
                        if letters:
                            width = max(width, sum((c - 64) * 26**i for i, c in enumerate(reversed(letters))))
                    if width * height > limits.area:
                        raise TableRefused("columns", high=limits.columns)
                    rest = piece[-_OVERLAP:]


def _as_table(rows: Iterable[list[Any]], limits: TableLimits) -> Table:
    # Empty rows are passed over before their cells are read as text: there may be millions.
    said = ((number, row) for number, row in enumerate(rows, start=1) if row.count("") < len(row))
    numbered = ((number, [_text(cell) for cell in row]) for number, row in said)
    filled = ((number, cells) for number, cells in numbered if any(cells))
    above = list(itertools.islice(filled, _ABOVE))
    if not above:
        raise TableRefused("empty")
    # A title above the header has one cell; so has a table of one column, in every row.
    start = next((place for place, (_, cells) in enumerate(above) if sum(map(bool, cells)) > 1), 0)
    headers = _strip_right(above[start][1])
    _check_headers(headers, limits)
    taken: list[tuple[int, list[str]]] = []
    for number, cells in itertools.chain(above[start + 1 :], filled):
        if len(taken) >= limits.rows:
            raise TableRefused("rows", high=limits.rows)
        taken.append((number, _check_row(number, cells, headers, limits)))
    if not taken:
        raise TableRefused("empty")
    return Table(headers, taken)


def _check_headers(headers: list[str], limits: TableLimits) -> None:
    if len(headers) > limits.columns:
        raise TableRefused("columns", high=limits.columns)
    for place, header in enumerate(headers):
        if not header:
            # Of a merged header only the first column has a text.
            raise TableRefused("header_missing", column=letters_of(place))
        if header in headers[:place]:
            raise TableRefused("header_twice", header=header)
        if len(header) > limits.cell:
            raise TableRefused("cell", row=1, column=letters_of(place), high=limits.cell)


def _check_row(number: int, cells: list[str], headers: list[str], limits: TableLimits) -> list[str]:
    cells = _strip_right(cells)
    if len(cells) > len(headers):
        raise TableRefused("shifted", row=number, column=letters_of(len(cells) - 1))
    for place, cell in enumerate(cells):
        if len(cell) > limits.cell:
            raise TableRefused("cell", row=number, column=letters_of(place), high=limits.cell)
    return cells + [""] * (len(headers) - len(cells))


def _strip_right(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _text(cell: Any) -> str:
    """A cell as its reader sees it: whole numbers without `.0`, days as 2026-01-05."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        # Fifteen digits, as a spreadsheet shows: 1234.1 × 100 is 123410, not 123409.99999999999.
        return f"{Decimal(f'{cell:.15g}'):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).replace("\0", "\ufffd").strip()
