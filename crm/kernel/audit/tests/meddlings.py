"""The kinds of meddling that trust row 22 tries. Each changes the tables, all rights in hand, and returns where."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from crm.kernel.audit.anchors import Anchor
from crm.kernel.audit.sealing import GENESIS, link
from crm.kernel.audit.tests.helpers import write_events


@dataclass
class Log:
    """A clean log, as the verifier will find it: sealed rows, anchors over most of them."""

    events: dict[int, int]
    anchors: list[Anchor]
    foreign: list[str]

    @property
    def covered(self) -> int:
        """The last anchored seq: only up to here detection is promised."""
        return self.anchors[-1].seq


@dataclass(frozen=True)
class Mark:
    """Where the trial meddled: a place in the sequence, or an event that has none."""

    seq: int | None = None
    event_id: int | None = None


Meddling = Callable[[random.Random, Log], Mark]


def change_sealed_bytes(rng: random.Random, log: Log) -> Mark:
    """The payload alone, the columns left as they were."""
    seq = _any(rng, log)
    _run(
        'UPDATE kernel_auditevent SET payload = replace(payload, \'"outcome": "\', \'"outcome": "!\') WHERE id = %s',
        log.events[seq],
    )
    return Mark(seq)


def change_columns(rng: random.Random, log: Log) -> Mark:
    """A queryable column alone: what people see in lists, while the sealed bytes stay."""
    seq = _any(rng, log)
    column, value = rng.choice(
        [
            ("action", "'a.lie'"),
            ("person_id", "999999"),
            ("person_name", "'somebody else'"),
            ("at", "at - interval '1 microsecond'"),
            ("written_at", "written_at - interval '1 hour'"),
            ("xid", "xid - 1"),
            ("data", "jsonb_set(data, '{n}', '\"1\"')"),
            ("before", "'{}'::jsonb"),
            ("ip", "'10.0.0.9'"),
        ]
    )
    _run(f"UPDATE kernel_auditevent SET {column} = {value} WHERE id = %s", log.events[seq])
    return Mark(seq)


def change_both(rng: random.Random, log: Log) -> Mark:
    """Columns and payload alike, the digest left."""
    seq = _any(rng, log)
    _forge(log.events[seq])
    return Mark(seq)


def change_digest(rng: random.Random, log: Log) -> Mark:
    """The seal's digest."""
    seq = _any(rng, log)
    _run("UPDATE kernel_auditseal SET digest = %s WHERE seq = %s", rng.randbytes(32), seq)
    return Mark(seq)


def change_and_seal_anew(rng: random.Random, log: Log) -> Mark:
    """A forged row with its own digest set right, the followers left."""
    seq = _any(rng, log)
    _forge(log.events[seq])
    rechain(seq, seq)
    return Mark(seq)


def delete_event(rng: random.Random, log: Log) -> Mark:
    """The event goes, its seal stays."""
    seq = _any(rng, log)
    _run("DELETE FROM kernel_auditevent WHERE id = %s", log.events[seq])
    return Mark(seq)


def delete_with_seal(rng: random.Random, log: Log) -> Mark:
    """Event and seal go; a gap stays."""
    seq = _any(rng, log)
    _run("DELETE FROM kernel_auditevent WHERE id = %s", log.events[seq])
    _run("DELETE FROM kernel_auditseal WHERE seq = %s", seq)
    return Mark(seq)


def delete_and_close_gap(rng: random.Random, log: Log) -> Mark:
    """Event and seal go and the followers move up."""
    seq = _any(rng, log)
    delete_with_seal_at(seq, log)
    return Mark(seq)


def delete_seal(rng: random.Random, log: Log) -> Mark:
    """The seal goes, the event stays."""
    seq = _any(rng, log)
    _run("DELETE FROM kernel_auditseal WHERE seq = %s", seq)
    return Mark(seq)


def insert_backdated(rng: random.Random, log: Log) -> Mark:
    """An event of the past without a seal."""
    return Mark(event_id=_insert_copy(log.events[_any(rng, log)]))


def insert_with_seal(rng: random.Random, log: Log) -> Mark:
    """An event of the past with a fitting seal, the followers moved down."""
    seq = _any(rng, log)
    event_id = _insert_copy(log.events[seq])
    _shift(seq, 1)
    _run("INSERT INTO kernel_auditseal (seq, event_id, digest) VALUES (%s, %s, '')", seq, event_id)
    rechain(seq, seq)
    return Mark(seq)


def swap_events(rng: random.Random, log: Log) -> Mark:
    """Two seals point at each other's event."""
    a, b = _two(rng, log)
    _run("UPDATE kernel_auditseal SET event_id = -event_id WHERE seq IN (%s, %s)", a, b)
    _run(
        "UPDATE kernel_auditseal SET event_id = CASE seq WHEN %s THEN %s ELSE %s END WHERE seq IN (%s, %s)",
        a,
        log.events[b],
        log.events[a],
        a,
        b,
    )
    return Mark(a)


def swap_payloads(rng: random.Random, log: Log) -> Mark:
    """Two events exchange everything but their id."""
    a, b = _two(rng, log)
    _run(
        "UPDATE kernel_auditevent e SET payload = o.payload, action = o.action, data = o.data, at = o.at, xid = o.xid, "
        "written_at = o.written_at FROM kernel_auditevent o "
        "WHERE (e.id, o.id) IN ((%s, %s), (%s, %s))",
        log.events[a], log.events[b], log.events[b], log.events[a],
    )  # fmt: skip
    return Mark(a)


def payload_from_another_chain(rng: random.Random, log: Log) -> Mark:
    """A genuine payload of another log."""
    seq = _any(rng, log)
    _run("UPDATE kernel_auditevent SET payload = %s WHERE id = %s", rng.choice(log.foreign), log.events[seq])
    return Mark(seq)


def cut_tail(rng: random.Random, log: Log) -> Mark:
    """The last rows go, with their seals."""
    seq = _any(rng, log)
    _roll_back_to(seq - 1, log)
    return Mark(seq)


def roll_back_and_go_on(rng: random.Random, log: Log) -> Mark:
    """An older state is restored and life goes on over it, well sealed."""
    seq = _any(rng, log)
    _roll_back_to(seq - 1, log)
    # New events come in by the ordinary way and get their stamp.
    _run("ALTER TABLE kernel_auditevent ENABLE TRIGGER stamp")
    write_events(rng.randint(1, len(log.events)))
    _run(
        "INSERT INTO kernel_auditseal (seq, event_id, digest) SELECT %s + row_number() OVER (ORDER BY id), id, '' "
        "FROM kernel_auditevent e WHERE NOT EXISTS (SELECT FROM kernel_auditseal s WHERE s.event_id = e.id)",
        seq - 1,
    )
    rechain(seq, None)
    return Mark(seq)


def rechain_everything(rng: random.Random, log: Log) -> Mark:
    """One row is forged and all digests from there on are made to fit."""
    seq = _any(rng, log)
    _forge(log.events[seq])
    rechain(seq, None)
    return Mark(seq)


def delete_and_rechain(rng: random.Random, log: Log) -> Mark:
    """One row goes, the followers move up, all digests are made to fit."""
    seq = _any(rng, log)
    delete_with_seal_at(seq, log)
    rechain(seq, None)
    return Mark(seq)


MEDDLINGS: list[Meddling] = [
    change_sealed_bytes, change_columns, change_both, change_digest, change_and_seal_anew,
    delete_event, delete_with_seal, delete_and_close_gap, delete_seal, delete_and_rechain,
    insert_backdated, insert_with_seal, swap_events, swap_payloads, payload_from_another_chain,
    cut_tail, roll_back_and_go_on, rechain_everything,
]  # fmt: skip


# Tools of the meddler.


def delete_with_seal_at(seq: int, log: Log) -> None:
    """Delete row `seq` and move the followers up."""
    _run("DELETE FROM kernel_auditevent WHERE id = %s", log.events[seq])
    _run("DELETE FROM kernel_auditseal WHERE seq = %s", seq)
    _shift(seq, -1)


def rechain(first: int, last: int | None) -> None:
    """Give the rows `first` to `last` (None: the end) the digests that fit their payloads."""
    previous = next(
        (bytes(d) for (d,) in query("SELECT digest FROM kernel_auditseal WHERE seq = %s", first - 1)), GENESIS
    )
    rows = query(
        "SELECT s.seq, e.payload FROM kernel_auditseal s JOIN kernel_auditevent e ON e.id = s.event_id "
        "WHERE s.seq >= %s AND (%s::bigint IS NULL OR s.seq <= %s) ORDER BY s.seq",
        first, last, last,
    )  # fmt: skip
    for seq, payload in rows:
        previous = link(previous, payload)
        _run("UPDATE kernel_auditseal SET digest = %s WHERE seq = %s", previous, seq)


def _forge(event_id: int) -> None:
    payload = json.loads(query("SELECT payload FROM kernel_auditevent WHERE id = %s", event_id)[0][0])
    payload["action"] = "nothing.happened"
    _run(
        "UPDATE kernel_auditevent SET action = %s, payload = %s WHERE id = %s",
        payload["action"],
        json.dumps(payload),
        event_id,
    )


def _insert_copy(event_id: int) -> int:
    """A forged event beside the given one, one transaction earlier, columns and payload in harmony; its id."""
    columns = (
        "outcome, reason, subject_type, subject_id, subject_name, person_id, person_name, roles, account_id, "
        "account_name, on_behalf_of_id, on_behalf_of_name, door, ip, request_id, data, before, after, at, written_at"
    )
    ((new_id, xid, payload),) = query(
        f"INSERT INTO kernel_auditevent (action, xid, payload, {columns}) "
        f"SELECT 'forged.event', xid - 1, payload, {columns} FROM kernel_auditevent WHERE id = %s "
        "RETURNING id, xid, payload",
        event_id,
    )
    forged = {**json.loads(payload), "id": new_id, "xid": xid, "action": "forged.event"}
    _run("UPDATE kernel_auditevent SET payload = %s WHERE id = %s", json.dumps(forged), new_id)
    return new_id


def _roll_back_to(seq: int, log: Log) -> None:
    _run("DELETE FROM kernel_auditseal WHERE seq > %s", seq)
    _run("DELETE FROM kernel_auditevent WHERE id = ANY(%s)", [event for at, event in log.events.items() if at > seq])


def _shift(first: int, by: int) -> None:
    # In two steps: the primary key is checked row by row.
    _run("UPDATE kernel_auditseal SET seq = seq + 1000000 WHERE seq >= %s", first)
    _run("UPDATE kernel_auditseal SET seq = seq - 1000000 + %s WHERE seq >= 1000000", by)


def switch_triggers_off() -> None:
    for table in ("kernel_auditevent", "kernel_auditseal"):
        _run(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def _any(rng: random.Random, log: Log) -> int:
    return rng.randint(1, log.covered)


def _two(rng: random.Random, log: Log) -> tuple[int, int]:
    a, b = sorted(rng.sample(range(1, log.covered + 1), 2))
    return a, b


def payloads() -> list[str]:
    return [row[0] for row in query("SELECT payload FROM kernel_auditevent")]


def _run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


def query(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return cursor.fetchall()
