"""Trust row 22, evidence outside of the audit table: meddling with what acts left elsewhere, all rights in hand.

Works on the demo institution, which has every kind: decisions, dossiers, files, grades, decided projects, closed
quarters, told replies. Each trial is rolled back; the file that a trial changes is put back.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, models, transaction

from crm.kernel.attachments.models import StoredFile
from crm.kernel.audit.anchors import AnchorFile, read_anchors
from crm.kernel.audit.sealing import head, link
from crm.kernel.audit.verify import verify
from crm.kernel.declarations.evidence import EVIDENCE, Evidence

OF_THE_LOG = ("anchors cut", "anchors swapped", "anchors two", "event of the past")
Meddling = Callable[[random.Random], str]
"""Changes something and answers the words that the verifier must say about the place."""


@dataclass
class Tally:
    """What the trials brought."""

    trials: int = 0
    found: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def evidence_trials(n: int, seed: int, *, with_log: bool = True) -> Tally:
    """`n` random mutations (0: one of each kind), each kind in turn; the same seed gives the same trials.

    `with_log=False`: nothing is sealed and anchored yet, so anchors and the order of events are left alone.
    """
    rng, tally = random.Random(seed), Tally()
    kinds = [(name, meddle) for name, meddle in meddlings() if with_log or name not in OF_THE_LOG]
    for number in range(n or len(kinds)):
        name, meddle = kinds[number % len(kinds)]
        anchors = read_anchors()
        with transaction.atomic(), _file_kept(rng) as path:
            switch_triggers_off()
            if name == "file bytes":
                place = change_bytes(path, rng)
            elif name.startswith("anchor"):
                place, anchors = change_anchors(anchors, name, rng)
            else:
                place = meddle(rng)
            report = verify(anchors, clock_is_set=True)
            transaction.set_rollback(True)
        said = [finding.message for finding in report.findings]
        tally.trials += 1
        tally.by_kind[name] += 1
        if any(place in message for message in said):
            tally.found += 1
        else:
            tally.missed.append(f"{name}: {place!r} is not named in {said[:3]}")
    return tally


def meddlings() -> list[tuple[str, Meddling]]:
    """Every kind of evidence changed in a random field, taken away and put in; the file store; anchors; time."""
    found: list[tuple[str, Meddling]] = []
    for kind in EVIDENCE.values():
        if not _rows(kind):
            continue
        found.append((f"{kind.label} changed", partial(change_row, kind)))
        found.append((f"{kind.label} deleted", partial(delete_row, kind)))
        found.append((f"{kind.label} inserted", partial(insert_row, kind)))
    outside: list[tuple[str, Meddling]] = [(name, _nothing) for name in ("file bytes", *OF_THE_LOG[:3])]
    return [*found, *outside, (OF_THE_LOG[3], insert_past), ("row and record", change_row_and_record)]


def switch_triggers_off() -> None:
    """As the owner of the tables may; the stamp of new events stays, for the meddler's convenience."""
    _run("SET CONSTRAINTS ALL IMMEDIATE")
    _run("SET CONSTRAINTS ALL DEFERRED")
    tables = [kind.model._meta.db_table for kind in EVIDENCE.values()]
    for table in (*tables, "kernel_auditevent", "kernel_auditseal"):
        _run(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    _run("ALTER TABLE kernel_auditevent ENABLE TRIGGER stamp")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND NOT condeferrable "
            "AND confrelid = ANY(%s::regclass[])",
            [tables],
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def change_row(kind: Evidence, rng: random.Random) -> str:
    """One bound field of one row gets another value."""
    pk = rng.choice(_rows(kind))
    for name in rng.sample(kind.fields, len(kind.fields)):
        column: Any = kind.model._meta.get_field(name)
        with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{kind.model._meta.db_table}" SET "{column.column}" = {_other(column)} '
                f'WHERE "{kind.model._meta.pk.column}" = %s AND "{column.column}" IS NOT NULL',
                [pk],
            )
            if cursor.rowcount:
                return f"{kind.label}:{pk}"
    raise AssertionError(f"{kind.label} {pk} has no field that could be changed")


def _other(column: Any) -> str:
    name = f'"{column.column}"'
    if isinstance(column, models.DateTimeField):
        return f"{name} - interval '1 microsecond'"
    if isinstance(column, models.DateField):
        return f"{name} - 1"
    if isinstance(column, models.BooleanField):
        return f"NOT {name}"
    # What was approved is never above what was asked: the table itself refuses more.
    sign = "-" if column.column.startswith("approved_") else "+"
    if isinstance(column, models.DecimalField):
        return f"{name} {sign} 0.01"
    if isinstance(column, models.JSONField):
        return f"jsonb_build_array({name})"
    if isinstance(column, models.ForeignKey | models.IntegerField):
        return f"{name} {sign} 1"
    # A text that differs and fits: its first character is another.
    return f"CASE WHEN {name} = '' THEN 'x' ELSE overlay({name} placing chr((ascii({name}) + 1)) from 1) END"


def delete_row(kind: Evidence, rng: random.Random) -> str:
    """One row goes."""
    pk = rng.choice(_rows(kind))
    _run(f'DELETE FROM "{kind.model._meta.db_table}" WHERE "{kind.model._meta.pk.column}" = %s', pk)
    return f"{kind.label}:{pk}"


def insert_row(kind: Evidence, rng: random.Random) -> str:
    """A copy of one row under a key of its own, past every constraint."""
    pk, table, meta = rng.choice(_rows(kind)), kind.model._meta.db_table, kind.model._meta
    _drop_constraints(table)
    columns = ", ".join(
        f'"{one.column}"' for one in meta.concrete_fields if one.column != meta.pk.column and not one.generated
    )
    new = 10_000_000 + rng.randint(1, 1_000_000)
    _run(
        f'INSERT INTO "{table}" ("{meta.pk.column}", {columns}) OVERRIDING SYSTEM VALUE '
        f'SELECT {new}, {columns} FROM "{table}" WHERE "{meta.pk.column}" = %s',
        pk,
    )
    return f"{kind.label}:{new}"


def _drop_constraints(table: str) -> None:
    """The owner takes away what would refuse a copy (keys to other tables too); rolled back with the trial."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f', 'u', 'x')",
            [table],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}" CASCADE')
        cursor.execute(
            "SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
            "WHERE x.indrelid = %s::regclass AND x.indisunique AND NOT x.indisprimary",
            [table],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP INDEX "{name}"')


def insert_past(rng: random.Random) -> str:
    """An event of the past, put in before the sealer comes: all its times agree, and it is sealed as it should be."""
    back = timedelta(seconds=rng.randint(2 * 3600, 90 * 86400))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_auditevent (at, action, outcome, reason, subject_type, subject_id, subject_name, "
            "person_name, roles, account_name, on_behalf_of_name, door, request_id, data) "
            "VALUES (now(), 'review.decided', 'done', '', '', '', '', 'x', '', '', '', 'page', '', '{}') "
            "RETURNING id, written_at, payload"
        )
        event_id, written_at, payload = cursor.fetchone()
        told = (written_at - back).astimezone(UTC)
        text = told.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        forged = json.dumps({**json.loads(payload), "at": text, "written_at": text})
        cursor.execute(
            "UPDATE kernel_auditevent SET at = %s, written_at = %s, payload = %s WHERE id = %s",
            [told, told, forged, event_id],
        )
        last = head()
        cursor.execute(
            "INSERT INTO kernel_auditseal (seq, event_id, digest) VALUES (%s, %s, %s)",
            [last.seq + 1, event_id, link(last.digest, forged)],
        )
    return f"event {event_id} says it was written"


def change_row_and_record(rng: random.Random) -> str:
    """A row that never changes is changed, and an event is written that binds it anew."""
    kind = EVIDENCE["risk.decision"]
    place = change_row(kind, rng)
    _run(
        "INSERT INTO kernel_auditevent (at, action, outcome, reason, subject_type, subject_id, subject_name, "
        "person_name, roles, account_name, on_behalf_of_name, door, request_id, data, evidence) "
        "SELECT at, action, outcome, reason, subject_type, subject_id, subject_name, person_name, roles, account_name, "
        "on_behalf_of_name, door, request_id, data, jsonb_build_object(%s::text, repeat('0', 64)) "
        "FROM kernel_auditevent WHERE evidence ? %s LIMIT 1",
        place,
        place,
    )
    return place


def change_anchors(anchors: AnchorFile, how: str, rng: random.Random) -> tuple[str, AnchorFile]:
    """The anchor file shortened, its lines exchanged, or a second anchor for one place."""
    lines = list(anchors.anchors)
    place = rng.randrange(len(lines) - 1)
    if how == "anchors cut":
        return f"anchors {place + 2} to {len(lines)} are gone", _with(anchors, lines[: place + 1])
    if how == "anchors swapped":
        lines[place], lines[place + 1] = lines[place + 1], lines[place]
        return f"anchor {place + 1}", _with(anchors, lines)
    two = lines[place].__class__(lines[place].seq, rng.randbytes(32).hex(), lines[place].at)
    lines.insert(place + 1, two)
    return f"two contradicting anchors for seq {two.seq}", _with(anchors, lines)


def _with(anchors: AnchorFile, lines: list[Any]) -> AnchorFile:
    return AnchorFile(tuple(lines), noted=anchors.noted)


@contextmanager
def _file_kept(rng: random.Random) -> Iterator[Path | None]:
    """A stored file's path; its bytes are put back."""
    stored = list(StoredFile.objects.order_by("pk"))
    path = Path(default_storage.path(rng.choice(stored).storage_name)) if stored else None
    kept = path.read_bytes() if path else b""
    try:
        yield path
    finally:
        if path:
            path.write_bytes(kept)


def change_bytes(path: Path | None, rng: random.Random) -> str:
    """One byte of one stored file."""
    assert path is not None
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1
    path.write_bytes(bytes(content))
    stored = StoredFile.objects.filter(storage_name__endswith=path.name).order_by("pk")[0]
    return f"kernel.storedfile:{stored.pk}: what is kept outside"


def _rows(kind: Evidence) -> list[int]:
    condition = f"WHERE {kind.condition}" if kind.condition else ""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT t.id FROM "{kind.model._meta.db_table}" t {condition} ORDER BY t.id')
        return [pk for (pk,) in cursor.fetchall()]


def _nothing(rng: random.Random) -> str:
    raise AssertionError("this one is done by evidence_trials itself")


def _run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
