"""The body of a table, written in Python: a list has hundreds of cells, and a template node or two for each of them
costs more than all queries of the page together.

What is the same for every row (how the value is reached, which arguments the drawing wants, classes, the phone's
label) is found once per column. A column that draws from its value alone draws each value once.
"""

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import Field, Model
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]
from django_tables2.utils import signature

from crm.kernel.web.html import escaped

Read = Callable[[Any], Any]
MISSING = (AttributeError, ObjectDoesNotExist, TypeError, ValueError)
# What a drawing may ask for and still be called without django-tables2's machinery.
KNOWN = frozenset({"value", "record", "column", "bound_column", "table"})
# Values of a column are few (grades, names, days); past this many they are not kept.
MOST_KEPT = 200


def body(table: Any) -> SafeString:
    """The rows of the page as `<tr>…</tr>`, every value escaped."""
    columns = list(table.columns)
    shape = format_html("<tr>{}</tr>", format_html_join("", '<td class="{}" data-label="{}"{}>{}</td>', _heads(table)))
    if any(not _is_plain(bound) for bound in columns) or not issubclass(_model(table), Model):
        lines: Iterable[Any] = ([text(cell) for _bound, cell in row.items()] for row in table.rows)
    else:
        draws = [drawing(table, bound) for bound in columns]
        lines = ([draw(row.record) for draw in draws] for row in table.rows)
    return format_html_join("", shape, lines)


def _heads(table: Any) -> Iterable[tuple[Any, str, str, SafeString]]:
    """Class, label and unit of each cell, and the place of its value; braces in a label are no places."""
    for bound in table.columns:
        said = (bound.header, getattr(bound.column, "unit", ""))
        label, unit = (f"{word}".replace("{", "{{").replace("}", "}}") for word in said)
        # On a phone the head is gone: the figure beside the name carries its unit itself.
        yield table.css_of(bound), label, format_html(' data-unit="{}"', unit) if unit else "", SafeString("{}")


def _model(table: Any) -> type:
    """The class of the rows; `object` when there are none."""
    return type(table.data.data[0]) if len(table.data.data) else object


def _is_plain(bound: Any) -> bool:
    """Whether the column can be drawn here: no link around it, an accessor that is a path, known arguments."""
    args, rest = wanted(_code(bound.render))
    return bound.link is None and isinstance(bound.accessor, str) and not rest and KNOWN.issuperset(args)


def _code(function: Any) -> Any:
    return getattr(function, "__func__", function)


@lru_cache(maxsize=500)
def wanted(function: Any) -> tuple[tuple[str, ...], str | None]:
    """The arguments a drawing asks for by name, without `self`, and the name of its catch-all."""
    args, rest = signature(function)
    return tuple(name for name in args if name != "self"), rest


def drawing(table: Any, bound: Any) -> Callable[[Any], Any]:
    """How one column draws one record."""
    column = bound.column
    read = reader(_model(table), bound.accessor)
    render = bound.render
    args, _rest = wanted(_code(render))
    fixed = {"column": column, "bound_column": bound, "table": table}
    given = {name: fixed[name] for name in args if name in fixed}
    takes_value, takes_record = "value" in args, "record" in args
    empty, nothing = column.empty_values, text(bound.default)
    kept: dict[Any, Any] = {}

    def say(value: Any, record: Any) -> dict[str, Any]:
        """What changes from row to row, of what the drawing asks for."""
        return {**({"value": value} if takes_value else {}), **({"record": record} if takes_record else {})}

    def draw(record: Any) -> Any:
        value = read(record)
        if value in empty:
            return nothing
        if takes_record or not isinstance(value, Hashable):
            return text(render(**say(value, record), **given))
        if value in kept:
            return kept[value]
        drawn = text(render(**say(value, record), **given))
        if len(kept) < MOST_KEPT:
            kept[value] = drawn
        return drawn

    return draw


def text(value: Any) -> Any:
    """A cell's content as a template would write it: numbers and moments in the language's way, then escaped."""
    if isinstance(value, str):
        return escaped(value)
    return conditional_escape(localize(template_localtime(value)))


def reader(model: type[Model], accessor: str) -> Read:
    """How the value at `accessor` is reached from a record; None where a step of the way is missing.

    A field with choices answers its word.
    """
    *way, last = accessor.split("__")
    words = words_of(model, way, last)

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
