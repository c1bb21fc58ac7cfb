"""Workbooks that are handed out: the rows that failed, and the template. Every text is written as text."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from crm.kernel.declarations.importable import Importable
from crm.kernel.imports.models import ImportRow, ImportRun

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 22


def reason_header() -> str:
    """The header of the column of reasons; a table that comes back is read without it."""
    return _("Why the row was not imported")


def errors_workbook(run: ImportRun, rows: Iterable[ImportRow]) -> bytes:
    """The rows as they were sent, with the reason behind them."""
    return _workbook([*run.headers, reason_header()], ([*row.cells, row.reasons] for row in rows))


def template_workbook(kind: Importable) -> bytes:
    """One column per field, required ones marked with *, an example row, drop-downs where words are given."""
    headers = [f"{column.label}{'*' if column.is_required else ''}" for column in kind.columns]
    lists = {place: list(column.choices()) for place, column in enumerate(kind.columns) if column.choices}
    return _workbook(headers, [[column.example for column in kind.columns]], lists)


def as_download(content: bytes, name: str) -> HttpResponse:
    """A workbook that no browser opens as a page of ours."""
    answer = HttpResponse(content, content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _workbook(
    headers: Sequence[str], rows: Iterable[Sequence[str]], lists: dict[int, list[str]] | None = None
) -> bytes:
    target = io.BytesIO()
    # What begins with = or looks like a number or an address stays the text that it is.
    texts = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(target, texts) as book:
        sheet = book.add_worksheet(_("Import"))
        as_text = book.add_format({"num_format": "@"})
        sheet.set_column(0, len(headers) - 1, WIDTH, as_text)
        sheet.freeze_panes(1, 0)
        for place, header in enumerate(headers):
            sheet.write_string(0, place, header, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
        for place, words in (lists or {}).items():
            sheet.data_validation(1, place, 10_000, place, {"validate": "list", "source": words})
    return target.getvalue()
