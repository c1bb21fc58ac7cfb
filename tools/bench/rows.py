"""Rows by the hundred thousand: `INSERT … SELECT` whose columns come from the model; a new field costs no edit."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def insert_rows(
    model: type[Model], *, values: Mapping[str, str], source: str, given: Mapping[str, Any], tail: str = ""
) -> None:
    """Insert what `source` (a FROM clause) yields. `values`: column to SQL expression; `given`: their parameters.

    Every other column gets what Django would give it: the field's default, now for `auto_now`, an empty text, null.
    ValueError: `values` names a column the model has not, or misses one that has no default.
    """
    fields = [field for field in model._meta.local_concrete_fields if _is_written(field, values)]
    writable = {str(field.column): field for field in fields}
    if unknown := set(values) - set(writable):
        raise ValueError(f"{model.__name__} has no column {', '.join(sorted(unknown))}")
    expressions, parameters = dict(values), dict(given)
    for column, field in writable.items():
        if column in values:
            continue
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            expressions[column] = "now()"
            continue
        default = field.get_default()
        if default is None and not field.null:
            raise ValueError(f"{model.__name__}.{field.name} has no default: say what the rows hold")
        expressions[column] = f"%(default_{column})s"
        parameters[f"default_{column}"] = field.get_db_prep_save(default, connection)
    columns = ", ".join(f'"{column}"' for column in expressions)
    statement = (
        f'INSERT INTO "{model._meta.db_table}" ({columns})\nSELECT {", ".join(expressions.values())}\n{source}\n{tail}'
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _is_written(field: "Field[Any, Any]", values: Mapping[str, str]) -> bool:
    """Whether an insert names the column: not what the database makes itself, unless `values` says it."""
    made = (
        field.generated
        or field.has_db_default()
        or (field.primary_key and field.get_internal_type().endswith("AutoField"))
    )
    return field.column in values or not made
