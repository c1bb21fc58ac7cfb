"""Scheduling, cancelling and delivering again. What is due lies in PostgreSQL, in the transaction of the act itself."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from psycopg2.extras import execute_values

from crm.kernel.access.checks import permit
from crm.kernel.access.errors import Conflict
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import NotInTransaction, record
from crm.kernel.audit.values import plain
from crm.kernel.outbox import poke
from crm.kernel.outbox.models import DueItem
from crm.kernel.workdays import clock

# One that was cancelled and is due after all comes back, one that waits says what was told last, a done one stays. What
# stays is read, not met by the conflict: who met it would wait for the relay that holds the row, which may wait for who
# schedules.
INSERT = """
INSERT INTO kernel_dueitem
    (kind, object_type, object_id, due_at, recipient_id, data, state, attempts, next_try_at, last_error)
SELECT kind, object_type, object_id, due_at, recipient_id, data, 'pending', 0, due_at, ''
FROM ({rows}) AS due (kind, object_type, object_id, due_at, recipient_id, data)
WHERE NOT EXISTS (
    SELECT FROM kernel_dueitem AS known
    WHERE known.kind = due.kind AND known.object_type = due.object_type AND known.object_id = due.object_id
        AND known.due_at = due.due_at AND known.recipient_id IS NOT DISTINCT FROM due.recipient_id
        AND known.state <> 'cancelled' AND (known.state <> 'pending' OR known.data = due.data)
)
ON CONFLICT (kind, object_type, object_id, due_at, recipient_id) DO UPDATE
    SET state = 'pending', attempts = 0, next_try_at = EXCLUDED.due_at, data = EXCLUDED.data, last_error = ''
    WHERE kernel_dueitem.state = 'cancelled'
        OR kernel_dueitem.state = 'pending' AND kernel_dueitem.data <> EXCLUDED.data
"""
ROW = "(%s, %s, %s, %s::timestamptz, %s::bigint, %s::jsonb)"
PAGE = 1000


@dataclass(frozen=True)
class Due:
    """One row for `schedule_many`. `subject` is a saved row, or its label and key: `("app.model", 17)`."""

    kind: str
    subject: models.Model | tuple[str, int | str]
    due_at: datetime
    recipient_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def key_of(subject: models.Model | tuple[str, int | str]) -> tuple[str, str]:
    """Type and id as text, as audit keeps subjects."""
    if isinstance(subject, models.Model):
        return subject._meta.label_lower, str(subject.pk)
    return subject[0], str(subject[1])


def schedule(
    *,
    kind: str,
    subject: models.Model,
    due_at: datetime,
    recipient: models.Model | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Let `kind` be done about `subject` at `due_at`, once per recipient, in the caller's transaction.

    Raises NotInTransaction outside of one: act and follow-up could part ways.
    """
    schedule_many([Due(kind, subject, due_at, recipient.pk if recipient else None, data or {})])


def schedule_many(rows: Iterable[Due]) -> None:
    """The same for many rows, in a few statements. Two rows with one key count once."""
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise NotInTransaction("schedule() must run in the transaction of the act")
    by_key = {(row.kind, *key_of(row.subject), row.due_at, row.recipient_id): row.data for row in rows}
    values = [(*key, json.dumps(plain(data))) for key, data in by_key.items()]
    if not values:
        return
    with connection.cursor() as cursor:
        execute_values(cursor, scheduling("VALUES %s"), values, template=ROW, page_size=PAGE)
    if min(key[3] for key in by_key) <= clock.now():
        poke.after_commit()


def scheduling(rows: str) -> str:
    """The INSERT of due work for each row of a SELECT of (kind, object_type, object_id, due_at, recipient_id, data
    jsonb): SQL of our own code, to be run by `schedule_set` or as a part of a statement that says what is due.
    """
    return INSERT.format(rows=rows)


def schedule_set(*, rows: str, parameters: Mapping[str, Any]) -> int:
    """The same for the rows of a SELECT (see `scheduling`), without bringing one to Python; how many were written."""
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise NotInTransaction("schedule() must run in the transaction of the act")
    with connection.cursor() as cursor:
        cursor.execute(scheduling(rows), parameters)
        return int(cursor.rowcount)


def cancel(*, kind: str, subject: models.Model) -> int:
    """Cancel what still waits of `kind` about `subject`; how many.

    What a relay holds is left to it: its handler waits for the row that the act has locked, and looks again at what is
    still meant. Waiting for it here would be a deadlock.
    """
    object_type, object_id = key_of(subject)
    waiting = DueItem.objects.filter(
        kind=kind, object_type=object_type, object_id=object_id, state=DueItem.State.PENDING
    ).select_for_update(skip_locked=True)
    return DueItem.objects.filter(pk__in=waiting.values("pk")).update(state=DueItem.State.CANCELLED)


@transaction.atomic
def redeliver(*, item: DueItem, by: Viewer) -> DueItem:
    """Try a dead letter again from the beginning, at once."""
    row = permit(DueItem, by, "redeliver", lock=True, pk=item.pk)
    if row.state != DueItem.State.DEAD:
        raise Conflict(_("Only abandoned deliveries can be retried."))
    before = {"state": row.state, "attempts": row.attempts, "last_error": row.last_error}
    row.state, row.attempts, row.next_try_at = DueItem.State.PENDING, 0, clock.now()
    row.save(update_fields=["state", "attempts", "next_try_at"])
    record("delivery.redelivered", subject=row, by=by, before=before)
    poke.after_commit()
    return row
