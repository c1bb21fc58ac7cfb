"""The audit trail as a file that anybody can verify without us: one JSON line a row, with the bytes as they were
sealed.
"""

import json
from typing import TextIO

from django.db import connection, transaction

FORMAT = "sanshen-audit-1"


def write_export(file: TextIO, *, first: int = 1, last: int | None = None) -> int:
    """Write the sealed rows `first` to `last` (by sequence, both included; all when not given); how many rows.

    A header names the format and the digest before the first row; a trailer names the number of rows, so that a file
    cut short shows. `payload` is a JSON string whose value, in UTF-8, is the bytes as stored. Raises ValueError when
    `first` is beyond the chain.
    """
    previous = _digest_before(first)
    _write(file, {"format": FORMAT, "first": first, "previous": previous})
    rows, head = 0, previous
    with transaction.atomic(), connection.chunked_cursor() as cursor:
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
    _write(file, {"end": True, "rows": rows, "head": head})
    return rows


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
