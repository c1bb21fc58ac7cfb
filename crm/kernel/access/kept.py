"""What a person's scope rests on, read with the account and kept for a request that only reads.

A page asks for clients, their projects, reviews and to-dos, each within the scope of the one before. With the keys of
the granted rows and of the departments at hand none of these questions reads them again. Whoever writes asks anew,
under the lock: what was read before it may have aged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Func, JSONField

from crm.kernel.access.models import AbstractGrant

# Of one kind of grant; whoever has more is asked about by subquery.
MOST_KEYS = 1000


@dataclass(frozen=True)
class Kept:
    """`grants`: (table, action, head of the source) → keys of the granted rows. `crowded`: tables with too many.
    `departments`: keys of the person's own department and all below it; `above`: of it and all above it.
    """

    grants: Mapping[tuple[str, str, str], tuple[int, ...]] = field(default_factory=dict)
    crowded: frozenset[str] = frozenset()
    departments: tuple[int, ...] = ()
    above: tuple[int, ...] = ()

    def list_keys(self, table: str, actions: Iterable[str], but_from: str) -> list[int]:
        """Rows on which one of `actions` was granted, but for grants whose source begins with `but_from`."""
        found: set[int] = set()
        for (of, action, head), keys in self.grants.items():
            if of == table and action in actions and not (but_from and f"{head}:".startswith(but_from)):
                found.update(keys)
        return sorted(found)


def read_kept(grants: Iterable[Any] | None, departments: Iterable[tuple[int, int]]) -> Kept:
    """From the two columns that `grants_column` and `departments_column` bring."""
    rows = [(table, codename.partition("_")[0], head, tuple(keys)) for table, codename, head, keys in grants or ()]
    counts: dict[str, int] = {}
    for table, _action, _head, keys in rows:
        counts[table] = counts.get(table, 0) + len(keys)
    crowded = frozenset(table for table, count in counts.items() if count > MOST_KEYS)
    kept = {(table, action, head): keys for table, action, head, keys in rows if table not in crowded}
    around = list(departments)
    below, above = (tuple(pk for pk, sign in around if sign * side >= 0) for side in (1, -1))
    return Kept(kept, crowded, below, above)


@cache
def grants_column() -> Func:
    """For a query of accounts: all grants in force of the account's person, through any of their accounts, as
    `[table, codename, head of the source, keys]`; of each table at most one more than are kept.
    """
    tables = sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, AbstractGrant))
    parts = [
        f"(SELECT '{table}', permission_id, split_part(source, ':', 1), content_object_id "  # noqa: S608 - our own tables
        f"FROM {table} WHERE user_id IN (TABLE mine) AND coalesce(valid_until > statement_timestamp(), true) "
        f"LIMIT {MOST_KEYS + 1})"
        for table in tables
    ]
    text = (
        '(WITH mine AS (SELECT id FROM kernel_account WHERE person_id = "kernel_person"."id") '  # noqa: S608 - our tables
        "SELECT jsonb_agg(jsonb_build_array(t, codename, h, k)) FROM (SELECT t, p, h, array_agg(k) AS k "
        f"FROM ({' UNION ALL '.join(parts)}) g(t, p, h, k) GROUP BY t, p, h) g "
        "JOIN auth_permission ON auth_permission.id = p)"
    )
    return Func(template=text, output_field=JSONField())


@cache
def departments_column() -> Func:
    """For a query of accounts that joins the department: it and all below and above it, as `[key, sign]`, the sign 1
    for those below, -1 for those above.
    """
    own = '"kernel_department"."path"'
    text = (
        f"(SELECT jsonb_agg(jsonb_build_array(d.id, sign(length(d.path) - length({own})))) FROM kernel_department d "  # noqa: S608 - our own
        f"WHERE starts_with(d.path, {own}) OR starts_with({own}, d.path))"
    )
    return Func(template=text, output_field=JSONField())
