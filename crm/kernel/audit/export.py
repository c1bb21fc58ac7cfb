"""The audit trail as a file that anybody can verify without us: one JSON line a row, with the bytes as they were
sealed, then one line for each row of evidence, with the bytes whose digest an event holds.
"""

import json
from typing import TextIO

from django.db import connection, transaction

from crm.kernel.audit import evidence
from crm.kernel.declarations.evidence import EVIDENCE

FORMAT = "sanshen-audit-2"


def write_export(file: TextIO, *, first: int = 1, last: int | None = None) -> int:
    """Write the sealed rows `first` to `last` (by sequence, both included; all when not given); how many rows.

    A header names the format, the digest before the first row and the kinds of evidence that never change; a trailer
    names the number of rows, so that a file cut short shows. `payload` is a JSON string whose value, in UTF-8, is the
    bytes as stored; `text` of a row of evidence likewise. Raises ValueError when `first` is beyond the chain.
    """
    previous = _digest_before(first)
    once = sorted(label for label, kind in EVIDENCE.items() if kind.once)
    _write(file, {"format": FORMAT, "first": first, "previous": previous, "once": once})
    with transaction.atomic():
        # One moment for rows and evidence: an act in between would make them contradict each other.
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        rows, head = _write_rows(file, first, last, previous)
        for key, event, seq, text in evidence.texts(first):
            # Bound anew by an event that this file does not hold: there is nothing here to compare it with.
            is_later = seq is None or (last is not None and seq > last)
            line: dict[str, object] = {
                "evidence": key,
                "event": event,
                "text": None if is_later else text,
                "later": is_later,
            }
            _write(file, line)
    _write(file, {"end": True, "rows": rows, "head": head})
    return rows


def _write_rows(file: TextIO, first: int, last: int | None, previous: str) -> tuple[int, str]:
    """The sealed rows; their number and the last digest."""
    rows, head = 0, previous
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT s.seq, s.event_id, s.digest, e.payload FROM kernel_auditseal s "
            "LEFT JOIN kernel_auditevent e ON e.id = s.event_id "
            "WHERE s.seq >= %s AND (%s::bigint IS NULL OR s.seq <= %s) ORDER BY s.seq",
            [first, last, last],
        )
        while batch := cursor.fetchmany(2000):
            for seq, event_id, digest, payload in batch:
                rows, head = rows + 1, bytes(digest).hex()
                _write(file, {"seq": seq, "event": event_id, "digest": head, "payload": payload})
    return rows, head


def _digest_before(first: int) -> str:
    if first == 1:
        return bytes(32).hex()
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM kernel_auditseal WHERE seq = %s", [first - 1])
        row = cursor.fetchone()
    if row is None:
        raise ValueError(f"there is no row {first - 1} in the chain to start after")
    return bytes(row[0]).hex()


def _write(file: TextIO, line: dict[str, object]) -> None:
    file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
