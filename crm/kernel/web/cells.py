"""The body of a table, written in Python: a list has hundreds of cells, and a template node or two for each of them
costs more than all queries of the page together.

What is the same for every row (how the value is reached, which arguments the drawing wants, classes, the phone's
label) is found once per column. A column that draws from its value alone draws each value once.
"""

import inspect
from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured, ObjectDoesNotExist
from django.db.models import Field, Model, QuerySet
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]

from crm.kernel.web import html
from crm.kernel.web.html import escaped

Read = Callable[[Any], Any]
MISSING = (AttributeError, ObjectDoesNotExist, TypeError, ValueError)
# Values of a column are few (grades, names, days); past this many they are not kept.
MOST_KEPT = 200


def body(table: Any) -> SafeString:
    """The rows of the page as `<tr>…</tr>`, every value escaped."""
    model = type(table.rows[0]) if table.rows else object
    shape = format_html("<tr>{}</tr>", format_html_join("", '<td class="{}" data-label="{}"{}>{}</td>', _heads(table)))
    draws = [drawing(table, column, model) for column in table.declared]
    return format_html_join("", shape, ([draw(record) for draw in draws] for record in table.rows))


def _heads(table: Any) -> Iterable[tuple[Any, str, str, SafeString]]:
    """Class, label and unit of each cell, and the place of its value; braces in a label are no places."""
    for column in table.declared:
        label, unit = (f"{word}".replace("{", "{{").replace("}", "}}") for word in (column.header, column.unit))
        # On a phone the head is gone: the figure beside the name carries its unit itself.
        yield column.css, label, format_html(' data-unit="{}"', unit) if unit else "", SafeString("{}")


@lru_cache(maxsize=500)
def wanted(function: Any) -> tuple[str, ...]:
    """What a drawing asks for: `value`, `record` or both."""
    return tuple(name for name in inspect.signature(function).parameters if name != "self")


def drawing(table: Any, column: Any, model: type) -> Callable[[Any], Any]:
    """How one column draws one record."""
    read = reader(model, column.accessor, as_words=not column.reads_code)
    render = getattr(table, f"render_{column.name}", column.render)
    names = wanted(getattr(render, "__func__", render))
    takes_value, takes_record = "value" in names, "record" in names
    empty, nothing = column.empty_values, text(html.nothing())
    kept: dict[Any, Any] = {}

    def draw(record: Any) -> Any:
        value = read(record)
        if value in empty:
            return nothing
        if takes_record:
            return text(render(value=value, record=record) if takes_value else render(record=record))
        if not isinstance(value, Hashable):
            return text(render(value=value))
        if value in kept:
            return kept[value]
        drawn = text(render(value=value))
        if len(kept) < MOST_KEPT:
            kept[value] = drawn
        return drawn

    return draw


def select(rows: QuerySet[Any], table: Any) -> QuerySet[Any]:
    """`rows` with what the columns of a `table` class read: relations joined and, if narrow, only those fields loaded.

    ImproperlyConfigured for a column of a narrow table whose value is no field, or which draws from the record, and
    which does not say what it `needs`.
    """
    fields: dict[str, None] = {}
    for column in table.declared:
        path = field_path(rows, column.accessor)
        own = getattr(table, f"render_{column.name}", None)
        draws_record = (
            "record" in wanted(own) if own else column.draws_record and "record" in wanted(type(column).render)
        )
        if table.is_narrow and column.needs is None and (path is None or draws_record):
            raise ImproperlyConfigured(f"column {column.name}: say in `needs` which fields the cell reads")
        for read in (path, *(column.needs or ())):
            if read:
                fields |= dict.fromkeys(_whole(rows.model, read, column.related_fields if read == path else ()))
    # Where one column reads a related row as a whole, the field that another names of it would narrow it.
    whole = {path for path in fields if path in _relations(rows.model, path)}
    fields = {path: None for path in fields if whole.isdisjoint(_above(path))}
    joined = dict.fromkeys(name for path in fields for name in _relations(rows.model, path))
    if not table.is_narrow:
        return rows.select_related(*joined) if joined else rows
    # Without arguments, `select_related` joins everything.
    alone = rows.select_related(None)
    return (alone.select_related(*joined) if joined else alone).only("pk", *fields)


def field_path(rows: QuerySet[Any], accessor: str) -> str | None:
    """`accessor` if it is a path of fields, "" for what the query brings itself (key, annotation), None otherwise."""
    if accessor == "pk" or accessor in rows.query.annotations:
        return ""
    at: Any = rows.model
    try:
        for name in accessor.split("__"):
            at = at._meta.get_field(name).related_model
    except (FieldDoesNotExist, AttributeError):
        return None
    return accessor


def _whole(model: Any, path: str, wanted_of_related: tuple[str, ...]) -> Iterable[str]:
    """`path` itself, or if a related row stands there, the fields that are wanted of it."""
    at = model
    for name in path.split("__"):
        at = at._meta.get_field(name).related_model
    return [f"{path}__{name}" for name in wanted_of_related] if at is not None and wanted_of_related else [path]


def _above(path: str) -> list[str]:
    """The paths on the way to `path`, without itself."""
    parts = path.split("__")
    return ["__".join(parts[:count]) for count in range(1, len(parts))]


def _relations(model: Any, path: str) -> list[str]:
    """The relations on the way of `path`, itself included if it is one, for `select_related`."""
    found: list[str] = []
    at = model
    for place in (*_above(path), path):
        at = at._meta.get_field(place.split("__")[-1]).related_model
        if at is not None:
            found.append(place)
    return found


def text(value: Any) -> Any:
    """A cell's content as a template would write it: numbers and moments in the language's way, then escaped."""
    if isinstance(value, str):
        return escaped(value)
    return conditional_escape(localize(template_localtime(value)))


def reader(model: type[Model], accessor: str, *, as_words: bool = True) -> Read:
    """How the value at `accessor` is reached from a record; None where a step of the way is missing.

    A field with choices answers its word, or with `as_words` False its code.
    """
    *way, last = accessor.split("__")
    words = words_of(model, way, last) if as_words else None

    def read(record: Any) -> Any:
        try:
            found = record
            for name in way:
                found = getattr(found, name)
                if callable(found):
                    found = found()
            found = getattr(found, last)
            if callable(found):
                found = found()
        except MISSING:
            return None
        return found if words is None else words.get(found, found)

    return read


def words_of(model: type[Model], way: list[str], last: str) -> dict[Any, str] | None:
    """The words of a field with choices in the present language: value → word; None for anything else."""
    at: Any = model
    try:
        for name in way:
            at = at._meta.get_field(name).related_model
        field = at._meta.get_field(last)
    except (FieldDoesNotExist, AttributeError):
        return None
    if not isinstance(field, Field) or not field.choices:
        return None
    return {value: str(word) for value, word in field.flatchoices}
