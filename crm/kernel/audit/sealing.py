"""Sealing follows writing: committed events get a gapless sequence and a chained digest, afterwards, by one sealer.

No chain inside the writing transaction: tried, it queues all writers behind the slowest (architecture 7). A row is
taken only when its transaction id lies below `pg_snapshot_xmin`: then no transaction that is still open can come
before it, and none is overtaken.
"""

import hashlib
import logging
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

logger = logging.getLogger(__name__)

GENESIS = bytes(32)
"""What stands before the first row of a log."""

BATCH = 2000
LOCK = 7311_0001
"""Key of the advisory lock that makes the sealer one; any number that no other part of the system uses."""

# All SQL of this module is built from constants; values are passed as parameters.
XMIN = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
XMAX = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
HEAD = (
    f"SELECT s.seq, s.digest, CASE WHEN e.xid < {XMAX} THEN e.xid END AS xid, e.id FROM kernel_auditseal s "  # noqa: S608
    "LEFT JOIN kernel_auditevent e ON e.id = s.event_id ORDER BY s.seq DESC LIMIT 1"
)
"""The last seal with its event's place."""
UNSEALED = "NOT EXISTS (SELECT FROM kernel_auditseal s WHERE s.event_id = e.id)"


@dataclass(frozen=True)
class Head:
    """The end of the chain. `xid` and `event_id` are where the sealer goes on; None when there is nothing to go on
    from.
    """

    seq: int = 0
    digest: bytes = GENESIS
    xid: int | None = None
    event_id: int | None = None


def link(previous: bytes, payload: str) -> bytes:
    """The digest of one row: sha256(digest of the row before, 32 bytes ‖ payload as stored, UTF-8)."""
    return hashlib.sha256(previous + payload.encode()).digest()


def head() -> Head:
    """The last seal, or an empty head.

    `xid` is None as well when the events come from another database cluster (restored from a dump: their transaction
    ids lie in this cluster's future) or when the head's event is gone: then there is no place to go on from, only
    rows without a seal.
    """
    with connection.cursor() as cursor:
        cursor.execute(HEAD)
        row = cursor.fetchone()
    return Head(row[0], bytes(row[1]), row[2], row[3]) if row else Head()


def seal_events(*, batch: int = BATCH) -> int:
    """Seal every event that may be sealed now; how many. One transaction for each batch; 0 when another sealer is
    at work.
    """
    sealed = 0
    while True:
        with transaction.atomic():
            done = _seal_batch(batch)
        sealed += done
        if done < batch:
            return sealed


def _seal_batch(batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        # A statement of its own, after the lock: it must see what the sealer before us committed.
        last = head()
        rows = _next_rows(cursor, last, batch)
        digest, digests = last.digest, []
        for _, payload in rows:
            digest = link(digest, payload)
            digests.append(digest)
        if rows:
            cursor.execute(
                "INSERT INTO kernel_auditseal (seq, event_id, digest) "
                "SELECT %s + n, event_id, digest "
                "FROM unnest(%s::bigint[], %s::bytea[]) WITH ORDINALITY AS t(event_id, digest, n)",
                [last.seq, [row[0] for row in rows], digests],
            )
    return len(rows)


def _next_rows(cursor: CursorWrapper, last: Head, batch: int) -> list[tuple[int, str]]:
    """The next rows to seal, (event id, payload), in the order of their transactions."""
    columns = "SELECT e.id, e.payload FROM kernel_auditevent e WHERE "
    if last.xid is not None:
        cursor.execute(
            columns + f"(e.xid, e.id) > (%s, %s) AND e.xid < {XMIN} AND {UNSEALED} ORDER BY e.xid, e.id LIMIT %s",
            [last.xid, last.event_id, batch],
        )
    else:
        if last.seq:
            logger.warning(
                "the audit chain has no place to go on from after seq %s; looking through all events", last.seq
            )
        # By id: rows left over from before a restore come first, whatever transaction ids they brought along.
        order = "e.id" if last.seq else "e.xid, e.id"
        cursor.execute(
            columns + f"(e.xid < {XMIN} OR e.xid >= {XMAX}) AND {UNSEALED} ORDER BY {order} LIMIT %s", [batch]
        )
    return cursor.fetchall()
