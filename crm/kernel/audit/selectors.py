"""How far sealing and anchoring lag behind writing: what readiness checks and alarms ask."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from crm.kernel.audit import anchors, sealing


def sealing_lag() -> timedelta | None:
    """How long the oldest committed event has been waiting for its seal; None when none waits.

    A few seconds are normal; a minute means that the sealer stands (or that a transaction has been open for so long).
    """
    return _age(_oldest_unsealed())


def anchor_age() -> timedelta | None:
    """How long the oldest event not yet covered by an anchor has been waiting; None when none waits.

    Trust row 25 allows ten minutes. Raises OSError when the anchor file cannot be read.
    """
    last = anchors.last_anchor()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.written_at FROM kernel_auditseal s JOIN kernel_auditevent e ON e.id = s.event_id "
            "WHERE s.seq > %s ORDER BY s.seq LIMIT 1",
            [last.seq if last else 0],
        )
        row = cursor.fetchone()
    return _age(row[0] if row else _oldest_unsealed())


def _oldest_unsealed() -> datetime | None:
    last = sealing.head()
    after, parameters = (
        ("(e.xid, e.id) > (%s, %s) AND", [last.xid, last.event_id]) if last.xid is not None else ("", [])
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.written_at FROM kernel_auditevent e WHERE {after} {sealing.UNSEALED} "  # noqa: S608
            "ORDER BY e.xid, e.id LIMIT 1",
            parameters,
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _age(moment: datetime | None) -> timedelta | None:
    # written_at is the server's clock, so the age is taken by the machine's clock and not by the system's.
    return None if moment is None else max(timezone.now() - moment, timedelta(0))
