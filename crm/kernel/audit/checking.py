"""The periodic check of a sample, and what the trail remembers of checks: an alarm stands until all is verified.

A finding is itself an event (`audit.contradicted`), so it is seen on the auditors' first page and by `/readyz`, and it
is sealed like everything else. Only a full `verify_audit` without a finding ends the alarm (`audit.verified`).
"""

import logging

from django.db import connection, transaction

from crm.kernel.audit import anchors, context, evidence, sealing
from crm.kernel.audit.models import AuditEvent
from crm.kernel.audit.services import record

logger = logging.getLogger(__name__)

ALARM, ALL_CLEAR = "audit.contradicted", "audit.verified"
SAMPLE = 200
"""Rows of the chain and rows of evidence that one periodic check compares."""


def check_sample(*, size: int = SAMPLE) -> list[str]:
    """Compare the newest anchors, a stretch of the chain and a sample of evidence; an alarm for what is wrong."""
    keys = _some_keys(size)
    wrong = [
        *([found] if (found := anchors.check_anchors()) else []),
        *_check_stretch(size),
        *(found.message for found in evidence.compare(keys) if not found.is_intact),
        *evidence.broken_outside(keys),
    ]
    if wrong:
        note_check(wrong)
    return wrong


def note_check(wrong: list[str]) -> None:
    """Remember the result of a check: an alarm, or, after a full verification, that there is none any more."""
    standing = standing_alarm()
    if wrong:
        logger.critical("the audit trail or its evidence was changed: %s", wrong[0])
        if standing is None or standing.data.get("first") != wrong[0]:
            _note(ALARM, {"first": wrong[0], "findings": len(wrong)})
    elif standing is not None:
        _note(ALL_CLEAR, {})


def standing_alarm() -> AuditEvent | None:
    """The last alarm, unless a full verification found nothing since."""
    last = AuditEvent.objects.filter(action__in=(ALARM, ALL_CLEAR)).order_by("-id").first()
    return last if last is not None and last.action == ALARM else None


def _note(action: str, data: dict[str, object]) -> None:
    with transaction.atomic():
        record(action, subject=None, by=context.SYSTEM, data=data)


def _check_stretch(size: int) -> list[str]:
    """Recompute `size` rows of the chain from a random place, which may lie before the first: all rows count alike."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH place AS (SELECT floor(random() * (coalesce(max(seq), 0) + %s))::bigint - %s AS seq "
            "FROM kernel_auditseal) SELECT s.seq, s.digest, e.id, e.payload FROM place JOIN kernel_auditseal s "
            "ON s.seq BETWEEN place.seq AND place.seq + %s "
            "LEFT JOIN kernel_auditevent e ON e.id = s.event_id ORDER BY s.seq",
            [size, size, size],
        )
        rows = cursor.fetchall()
    previous = (0, sealing.GENESIS) if rows and rows[0][0] == 1 else None
    for seq, digest, event_id, payload in rows:
        if payload is None:
            return [f"seq {seq}: its event is gone"]
        if previous is not None and (seq != previous[0] + 1 or sealing.link(previous[1], payload) != bytes(digest)):
            return [f"the chain breaks at seq {seq}, event {event_id}"]
        previous = (seq, bytes(digest))
    return []


_BOUND_KEYS = """
WITH place AS (SELECT floor(random() * coalesce(max(id), 0))::bigint + 1 AS id FROM kernel_auditevent), told AS (
    (SELECT e.evidence FROM kernel_auditevent e
     WHERE e.evidence IS NOT NULL AND e.id >= (SELECT id FROM place) ORDER BY e.id LIMIT %(size)s)
    UNION ALL
    (SELECT e.evidence FROM kernel_auditevent e
     WHERE e.evidence IS NOT NULL AND e.id < (SELECT id FROM place) ORDER BY e.id LIMIT %(size)s)
)
SELECT b.key FROM told CROSS JOIN LATERAL jsonb_object_keys(told.evidence) AS b(key) LIMIT %(size)s
"""


def _some_keys(size: int) -> list[str]:
    """Keys of evidence from random places: some that events tell of, some that tables hold. After the last: the first.

    A `size` above the number of rows takes all.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BOUND_KEYS, {"size": size})
        found = [key for (key,) in cursor.fetchall()]
    return [*dict.fromkeys([key for key in found if evidence.is_declared(key)] + evidence.some_keys(size))]
