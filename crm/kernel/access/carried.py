"""Rows that hang on another row and come with it in its query: a page about one thing asks once for all.

For a few small rows; what is long or many is prefetched. `joins` are named as for `select_related`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DecimalField, JSONField, Model, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject


def carried(rows: QuerySet[Any], joins: Iterable[str] = (), **besides: Any) -> ArraySubquery:
    """For `annotate`: `rows`, which name the row around by `OuterRef`, whole and in their order; `besides`: more
    expressions to bring along with each."""
    return ArraySubquery(rows.values(_row=_whole(rows.model, _tree(joins), "", besides)))


def hang(
    row: Model, name: str, model: type[Model], found: Iterable[Mapping[str, Any]], joins: Iterable[str] = ()
) -> list[Any]:
    """Put rows that came with `row` where its relation `name` finds them without asking; the rows."""
    tree = _tree(joins)
    relation: Any = row._meta.get_field(name)
    made = [_made(model, values, tree) for values in found]
    for one in made:
        relation.field.set_cached_value(one, row)
    kept: Any = model._default_manager.all()
    kept._result_cache, kept._prefetch_done = made, True
    vars(row).setdefault("_prefetched_objects_cache", {})[name] = kept
    return made


def _tree(joins: Iterable[str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path in joins:
        place = tree
        for step in path.split("__"):
            place = place.setdefault(step, {})
    return tree


def _whole(model: type[Model], tree: Mapping[str, Any], path: str, besides: Mapping[str, Any]) -> JSONObject:
    """All columns of a row as one object, the joined rows inside."""
    columns: dict[str, Any] = {
        # An amount travels as text: JSON would make a float of it.
        field.attname: Cast(f"{path}{field.attname}", TextField())
        if isinstance(field, DecimalField)
        else f"{path}{field.attname}"
        for field in model._meta.concrete_fields
    }
    for name, below in tree.items():
        joined: Any = model._meta.get_field(name).related_model
        columns[f"_{name}"] = _whole(joined, below, f"{path}{name}__", {})
    return JSONObject(**columns, **besides)


def _made(model: type[Model], values: Mapping[str, Any], tree: Mapping[str, Any]) -> Any:
    """The row again, as a query of its own would bring it."""
    fields = model._meta.concrete_fields
    one = model.from_db(
        None,
        [field.attname for field in fields],
        [
            values[field.attname] if isinstance(field, JSONField) else field.to_python(values[field.attname])
            for field in fields
        ],
    )
    one._state.db = "default"
    for name, below in tree.items():
        joined, found = model._meta.get_field(name), values[f"_{name}"]
        related: Any = joined.related_model
        of = _made(related, found, below) if found[related._meta.pk.attname] is not None else None
        joined.set_cached_value(one, of)  # type: ignore[union-attr]
    return one
