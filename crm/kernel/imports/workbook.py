"""Workbooks that are handed out: the rows that failed, and the template."""

import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from crm.kernel.declarations.importable import Importable
from crm.kernel.imports.models import ImportRow, ImportRun
from crm.kernel.text.sheets import CONTENT_TYPES, Column, write_xlsx


def reason_header() -> str:
    """The header of the column of reasons; a table that comes back is read without it."""
    return _("Why the row was not imported")


def errors_workbook(run: ImportRun, rows: Iterable[ImportRow]) -> bytes:
    """The rows as they were sent, with the reason behind them."""
    heads = [*(Column(header, words=()) for header in run.headers), Column(reason_header(), "key")]
    return _workbook(heads, ([*row.cells, row.reasons] for row in rows))


def template_workbook(kind: Importable) -> bytes:
    """One column per field, required ones marked with *, an example row, drop-downs where words are given."""
    heads = [
        Column(
            f"{column.label}{'*' if column.is_required else ''}",
            words=tuple(column.choices()) if column.choices else (),
        )
        for column in kind.columns
    ]
    # Where there are words, the first of them is the example of a required field.
    examples = [
        column.example or (head.words[0] if head.words and column.is_required else "")
        for column, head in zip(kind.columns, heads, strict=True)
    ]
    return _workbook(heads, [examples])


def as_download(content: bytes, name: str) -> HttpResponse:
    """A workbook that no browser opens as a page of ours."""
    answer = HttpResponse(content, content_type=CONTENT_TYPES["xlsx"])
    answer.headers["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _workbook(heads: Sequence[Column], rows: Iterable[Sequence[str]]) -> bytes:
    target = io.BytesIO()
    write_xlsx(target, heads, rows)
    return target.getvalue()
