"""How far sealing and anchoring lag behind writing: what readiness checks and alarms ask."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from crm.kernel.audit import anchors, sealing


def sealing_lag() -> timedelta | None:
    """How long the oldest committed event has been waiting for its seal; None when none waits.

    A few seconds are normal; a minute means that the sealer stands (or that a transaction has been open for so long).
    """
    head = sealing.head()
    return _age(_oldest_unsealed(head.xid, head.event_id))


def anchor_age() -> timedelta | None:
    """How long the oldest event not yet covered by an anchor has been waiting; None when none waits.

    Trust row 25 allows ten minutes. Raises OSError when the anchor file cannot be read.
    """
    last = anchors.last_anchor()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT e.written_at FROM kernel_auditseal s JOIN kernel_auditevent e ON e.id = s.event_id "  # noqa: S608
            "WHERE s.seq > %s ORDER BY s.seq LIMIT 1), head.xid, head.id "
            f"FROM (SELECT 1) AS one LEFT JOIN ({sealing.HEAD}) AS head ON true",
            [last.seq if last else 0],
        )
        written_at, *place = cursor.fetchone()
    return _age(written_at or _oldest_unsealed(*place))


def _oldest_unsealed(xid: int | None, event_id: int | None) -> datetime | None:
    """When the first event after this place was written that has no seal."""
    after, parameters = ("(e.xid, e.id) > (%s, %s) AND", [xid, event_id]) if xid is not None else ("", [])
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
