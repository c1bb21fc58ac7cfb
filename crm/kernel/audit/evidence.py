"""Digests of the rows that acts leave outside of the audit table, and their comparison with what was recorded.

The canonical bytes of a row are made by the database: `jsonb_build_object` of the declared fields as text, without the
empty ones. Times are UTC with microseconds, amounts and documents their text. Key of a row: `app.model:primary key`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from crm.kernel.declarations.evidence import EVIDENCE, Evidence

UTC_TEXT = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
DIGEST = "encode(sha256(convert_to({}, 'UTF8')), 'hex')"
NOT_EVIDENCE = ""
"""The digest of a row that is no evidence (any more): a reply taken back, for one."""


@dataclass(frozen=True)
class Compared:
    """One row of evidence: what the event says (None: no event tells of it) and what the row says (None: no row)."""

    key: str
    event_id: int | None
    seq: int | None
    bound: str | None
    kept: str | None

    @property
    def is_intact(self) -> bool:
        """Whether row and event agree."""
        return self.bound is not None and (self.kept or NOT_EVIDENCE) == self.bound

    @property
    def message(self) -> str:
        """What is wrong, naming the place."""
        place = f"event {self.event_id}" + ("" if self.seq is None else f", seq {self.seq}")
        if self.bound is None:
            return f"{self.key} is recorded by no event: it was put in afterwards"
        if self.kept is None:
            return f"{self.key} is gone, or no longer what {place} recorded"
        return f"{self.key} is not what {place} recorded: its row was changed"


def key_of(row: models.Model) -> str:
    """The key under which events hold a row's digest."""
    return f"{row._meta.label_lower}:{row.pk}"


def canonical_sql(model: type[models.Model], fields: Sequence[str], condition: str = "", where: str = "") -> str:
    """SELECT of key and canonical text of a model's rows; `condition` and `where` are SQL over the row `t`."""
    meta = model._meta
    column = f't."{meta.pk.column}"'
    pairs = ", ".join(f"'{name}', {_text_of(meta.get_field(name))}" for name in fields)
    wanted = " AND ".join(f"({part})" for part in (condition, where) if part) or "true"
    return (
        f"SELECT '{meta.label_lower}:' || {column} AS key, "  # noqa: S608 - names of our own models
        f"jsonb_strip_nulls(jsonb_build_object('pk', {column}, {pairs}))::text AS text "
        f'FROM "{meta.db_table}" t WHERE {wanted}'
    )


def _text_of(field: Any) -> str:
    column = f't."{field.column}"'
    if field.name == "kept_words":
        # Words that a migration filled in came after the row was bound.
        return f"CASE WHEN {column} ? 'filled' THEN NULL ELSE {column}::text END"
    if isinstance(field, models.DateTimeField):
        return UTC_TEXT.format(column)
    if isinstance(field, models.DateField):
        return f"to_char({column}, 'YYYY-MM-DD')"
    if isinstance(field, models.BooleanField | models.IntegerField | models.ForeignKey):
        return column
    return f"{column}::text"


def digests_of(rows: Iterable[models.Model], *, action: str = "") -> dict[str, str] | None:
    """Key → digest of these rows as the database holds them; None for no rows. One query.

    Raises ValueError for a row whose kind is not declared, or not bound by `action`.
    """
    by_label: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_label[row._meta.label_lower].append(row.pk)
    if not by_label:
        return None
    for label in by_label:
        if label not in EVIDENCE or (action and action not in EVIDENCE[label].acts):
            raise ValueError(f"{label} is not declared as evidence of {action}")
    found = {f"{label}:{pk}": NOT_EVIDENCE for label, keys in by_label.items() for pk in keys}
    statement, parameters = _kept(by_label)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT key, {DIGEST.format('text')} FROM ({statement}) AS kept", parameters)  # noqa: S608
        found |= dict(cursor.fetchall())
    return found


def compare(keys: Sequence[str] | None = None) -> Iterator[Compared]:
    """Row by row what events and tables say, all of it or these keys. One statement, so one moment of both."""
    labels = sorted(EVIDENCE)
    if keys is None:
        statement, parameters = _kept(dict.fromkeys(labels))
    else:
        by_label: dict[str, list[int]] = defaultdict(list)
        for key in keys:
            label, _, pk = key.partition(":")
            by_label[label].append(int(pk))
        statement, parameters = _kept(by_label)
    if not statement:
        return
    sql = _COMPARE.format(kept=statement, some="" if keys is None else _SOME, digest=DIGEST.format("kept.text"))
    with connection.cursor() as cursor:
        cursor.execute(sql, {**parameters, "labels": labels, "once": _once(labels), "keys": list(keys or [])})
        while batch := cursor.fetchmany(2000):
            for row in batch:
                yield Compared(*row)


def texts(first: int) -> Iterator[tuple[str, int | None, int | None, str | None]]:
    """For an export: key, binding event, its seq and canonical text of all evidence not bound before seq `first`."""
    labels = sorted(EVIDENCE)
    statement, parameters = _kept(dict.fromkeys(labels))
    if not statement:
        return
    sql = _COMPARE.format(kept=statement, some="", digest="kept.text")
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, {**parameters, "labels": labels, "once": _once(labels)})
        while batch := cursor.fetchmany(2000):
            for key, event, seq, _bound, text in batch:
                if seq is None or seq >= first:
                    yield key, event, seq, text


def _once(labels: Iterable[str]) -> list[str]:
    return [label for label in labels if EVIDENCE[label].once]


def broken(rows: Iterable[models.Model]) -> list[Compared]:
    """Which of these rows no longer match what was recorded; for pages that show them. One query."""
    keys = [key_of(row) for row in rows if row.pk is not None]
    return [found for found in compare(keys) if not found.is_intact] if keys else []


def is_declared(key: str) -> bool:
    """Whether the key is of a kind that is still declared."""
    return key.partition(":")[0] in EVIDENCE


def some_keys(size: int) -> list[str]:
    """Up to `size` keys of rows as the tables hold them: each kind from a random place on, then from its first."""
    found: list[str] = []
    for kind in EVIDENCE.values():
        column, table = f't."{kind.model._meta.pk.column}"', kind.model._meta.db_table
        after, before = (
            canonical_sql(kind.model, kind.fields[:1], kind.condition, f"{column} {sign} (SELECT pk FROM place)")  # noqa: S608
            for sign in (">=", "<")
        )
        rest = f"ORDER BY {column} LIMIT %(many)s"
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH place AS (SELECT floor(random() * coalesce(max({column}), 0))::bigint + 1 AS pk "  # noqa: S608
                f'FROM "{table}" t) '
                f"SELECT key FROM (({after} {rest}) UNION ALL ({before} {rest})) AS kept LIMIT %(many)s",
                {"many": max(1, size // len(EVIDENCE))},
            )
            found += [key for (key,) in cursor.fetchall()]
    return found


def broken_outside(keys: Sequence[str] | None = None) -> Iterator[str]:
    """What lies outside of the database (bytes of files) and is not what was bound, each as a sentence."""
    for kind in EVIDENCE.values():
        if kind.is_whole is None:
            continue
        rows = kind.model._base_manager.order_by("pk")
        if keys is not None:
            rows = rows.filter(pk__in=[key.partition(":")[2] for key in keys if key.startswith(f"{kind.label}:")])
        for row in rows.iterator():
            if not kind.is_whole(row):
                yield f"{key_of(row)}: what is kept outside of the database is gone or was changed"


def _kept(by_label: Any) -> tuple[str, dict[str, Any]]:
    """UNION of the canonical rows of these kinds, all (None) or by primary keys."""
    parts, parameters = [], {}
    for number, (label, keys) in enumerate(by_label.items()):
        kind: Evidence = EVIDENCE[label]
        where = ""
        if keys is not None:
            where = f't."{kind.model._meta.pk.column}" = ANY(%(keys_{number})s)'
            parameters[f"keys_{number}"] = keys
        parts.append(canonical_sql(kind.model, kind.fields, kind.condition, where))
    return " UNION ALL ".join(parts), parameters


_SOME = "AND e.evidence ?| %(keys)s AND b.key = ANY(%(keys)s)"
# Of a row that never changes the first event counts, of another the newest.
_COMPARE = """
WITH bound AS (
    SELECT DISTINCT ON (b.key) b.key, b.value AS digest, e.id AS event_id
    FROM kernel_auditevent e CROSS JOIN LATERAL jsonb_each_text(e.evidence) b
    WHERE e.evidence IS NOT NULL AND split_part(b.key, ':', 1) = ANY(%(labels)s) {some}
    ORDER BY b.key, CASE WHEN split_part(b.key, ':', 1) = ANY(%(once)s) THEN e.id ELSE -e.id END
), kept AS (
    SELECT kept.key, {digest} AS digest FROM ({kept}) AS kept
)
SELECT coalesce(bound.key, kept.key), bound.event_id, s.seq, bound.digest, kept.digest
FROM bound FULL JOIN kept USING (key)
LEFT JOIN kernel_auditseal s ON s.event_id = bound.event_id
"""


def bind_existing(app: str, model: str, fields: Sequence[str], condition: str = "") -> migrations.RunPython:
    """Migration operation: bind the rows that an installation holds already, and say so in the audit trail.

    Events `audit.evidence_bound`, one for each 500 rows: from then on a change shows, not what came before.
    """

    def bind(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        rows = canonical_sql(apps.get_model(app, model), fields, condition)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                _BIND.format(rows=rows, digest=DIGEST.format("text")), {"label": f"{app}.{model}".lower(), "many": 500}
            )

    return migrations.RunPython(bind, migrations.RunPython.noop)


_BIND = """
INSERT INTO kernel_auditevent (at, action, outcome, reason, subject_type, subject_id, subject_name, person_name, roles,
    account_name, on_behalf_of_name, door, request_id, data, evidence)
SELECT clock_timestamp(), 'audit.evidence_bound', 'done', '', '', '', '', 'system', '', '', '', 'command', '',
    jsonb_build_object('kind', %(label)s::text, 'rows', count(*)), jsonb_object_agg(key, digest)
FROM (
    SELECT key, {digest} AS digest, (row_number() OVER (ORDER BY key) - 1) / %(many)s AS part FROM ({rows}) AS kept
) AS parts
GROUP BY part ORDER BY part
"""
