"""A list as a file: the rows, order and columns of the page, with real figures and dates.

What a column draws itself is written as it is drawn, without its markup: what the page masks, the file masks.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from html import unescape
from itertools import islice
from typing import Any, NamedTuple

from django.http import FileResponse, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput
from crm.kernel.access.inputs import text_problem
from crm.kernel.access.masks import masked_fields
from crm.kernel.audit.services import record_read
from crm.kernel.text.sheets import CONTENT_TYPES, WRITERS, Column, Value
from crm.kernel.web import cells, html
from crm.kernel.web.saved_views import query_of
from crm.kernel.workdays import clock

ROWS_AT_ONCE = 500
IN_MEMORY = 2_000_000
PURPOSE_LENGTHS = (4, 200)
TAG = re.compile(r"<[^>]*>")
Read = Callable[[Any], Value]
# The page that orders a file of more rows than one request writes.
ORDER = "exports:export_order"
_most: list[Callable[[], int]] = [lambda: 10_000]


class Part(NamedTuple):
    """One column of the file."""

    column: Column
    # Of a table and its model.
    read: Callable[[Any, type], Read]


def use_limit(most: Callable[[], int]) -> None:
    """How many rows one request writes. Pages lie below the parameters, so the reading of it is handed in."""
    _most[0] = most


def plain(markup: Any) -> str | None:
    """A drawn cell as text; None for the dash of what is not there."""
    text = " ".join(unescape(TAG.sub(" ", str(markup))).split())
    return None if text in ("", html.DASH) else text


def reads_raw(column: Any) -> bool:
    """Whether `raw` tells what `render` shows: a class that draws otherwise must say anew what it is."""
    order = type(column).__mro__
    return next(i for i, c in enumerate(order) if "raw" in vars(c)) <= next(
        i for i, c in enumerate(order) if "render" in vars(c)
    )


def reader(column: Any, table: Any, model: type) -> Read:
    """How one column is read from a record."""
    draw, read = cells.drawing(table, column, model), cells.reader(model, column.accessor)
    is_raw = reads_raw(column) and not hasattr(table, f"render_{column.name}")

    def value(record: Any) -> Value:
        found = read(record)
        if is_raw:
            given: Any = None if found in column.empty_values else column.raw(found, record)
            return given if given is None or isinstance(given, int | Decimal | date) else plain(cells.text(given))
        # A day is a day wherever the page shows something of it.
        drawn = plain(draw(record))
        return found if drawn is not None and isinstance(found, date) else drawn

    return value


def second_reader(column: Any, table: Any, model: type) -> Read:
    """The grey line under a name, which is a column of its own in a file."""
    return lambda record: plain(cells.text(column.second(record) or ""))


def parts_of(table_class: Any) -> Iterator[Part]:
    """The columns of the file, from those of the list."""
    for column in table_class.declared:
        head = f"{column.header} ({column.unit})" if column.unit else f"{column.header}"
        shape = Column(head, column.kind, column.places)
        yield Part(shape, partial(reader, column))
        if getattr(column, "second", None) and reads_raw(column):
            noted = Column(_("%(column)s: details") % {"column": head}, "key")
            yield Part(noted, partial(second_reader, column))


def rows_of(view: Any, parts: list[Part], rows: Iterator[Any]) -> Iterator[list[Value]]:
    """The rows of the file; the table is made for some hundred rows at a time, as the page makes it for its fifty."""
    while some := list(islice(rows, ROWS_AT_ONCE)):
        table = view.shown_table(some, **view.get_table_kwargs(some))
        reads = [part.read(table, type(table.rows[0])) for part in parts]
        yield from ([read(record) for read in reads] for record in table.rows)


def needs_purpose(model: Any) -> bool:
    """Whether an export of this list says what for: its model holds personal fields."""
    return bool(masked_fields(model))


def conditions_of(query: QueryDict) -> QueryDict:
    """What an address asks of a list; the purpose of an export is no condition."""
    if not query.get("format"):
        return query
    given = query.copy()
    given.pop("purpose", None)
    return given


def check_purpose(model: Any, given: str) -> str:
    """The purpose that was given; BadInput where a list of `model` needs one and it is missing."""
    purpose = given.strip()
    least, most = PURPOSE_LENGTHS
    if not needs_purpose(model) and not purpose:
        return ""
    if not least <= len(purpose) <= most:
        limits = {"least": least, "most": most}
        raise BadInput(_("State the purpose in %(least)d to %(most)d characters.") % limits, field="purpose")
    if problem := text_problem(purpose):
        raise BadInput(problem, field="purpose")
    return purpose


def export(view: Any) -> HttpResponse | FileResponse:
    """The filtered list of `view` as a download, recorded before it is handed out.

    BadInput for a format that does not exist or a missing purpose. A list of more rows than one request writes is
    ordered on a page of its own. Where the request brings a `taker`, it is given the view instead.
    """
    taker: Callable[[Any], HttpResponse] | None = getattr(view.request, "taker", None)
    kind = view.request.GET["format"]
    if kind not in WRITERS or view.table_class is None:
        raise BadInput(_("This format does not exist."), field="format", code="choice")
    if taker is not None:
        return taker(view)
    purpose = check_purpose(view.model, view.request.GET.get("purpose", ""))
    rows, most = view.shown_table.select(view.get_filtered()), _most[0]()
    count = rows.order_by().values("pk")[: most + 1].count()
    if count > most:
        asked = {"list": view.request.path, "query": query_of(view.request.GET), "format": kind, "purpose": purpose}
        return HttpResponseRedirect(f"{reverse(ORDER)}?{urlencode(asked)}")
    parts = list(parts_of(view.shown_table))
    # The response closes it.
    out: Any = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
    found = rows[:most].iterator(chunk_size=ROWS_AT_ONCE)
    WRITERS[kind](out, [part.column for part in parts], rows_of(view, parts, iter(found)))
    size = out.tell()
    out.seek(0)
    facts = {"list": view.request.path, "format": kind, "rows": count, "conditions": conditions(view.request.GET)}
    record_read("list.exported", subject=None, by=view.person, purpose=purpose, data=facts)
    name = f"{view.get_title()}-{clock.today():%Y%m%d}.{kind}"
    response = FileResponse(out, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])
    response.headers["Content-Length"] = str(size)
    response.headers["Cache-Control"] = "no-store"
    return response


def conditions(query: QueryDict) -> list[str]:
    """The names of the conditions in force; what was searched may be personal and is not kept."""
    return sorted(name for name, value in query.items() if value and name not in ("format", "purpose"))
