"""To-dos of a job over many objects, opened and closed by SQL: no row of them comes to Python.

Nothing is written that can still be known later. What reminds of a set is one piece of due work per due day and moment;
when the moment has come it becomes one for each to-do that is still open. The trail has one event per set: whose a
to-do is and until when says the event of what asks for it, which is of the same transaction (ADR 9).
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction

from crm.kernel.access.errors import NotPermitted
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record, record_set
from crm.kernel.audit.values import plain
from crm.kernel.outbox import poke
from crm.kernel.outbox.models import DueItem
from crm.kernel.outbox.services import schedule_set, scheduling
from crm.kernel.workdays import clock
from crm.kernel.worklist.selectors import due_moments
from crm.kernel.worklist.services.todos import ESCALATE, REMIND, UP_TO_DATE, still_ahead

REMIND_SET, ESCALATE_SET = "worklist.remind_set", "worklist.escalate_set"
ONE_OF = {REMIND_SET: REMIND, ESCALATE_SET: ESCALATE}

# What waited for each of some to-dos; what a relay holds looks again itself (outbox.services.cancel).
CANCELLED = """
    UPDATE kernel_dueitem SET state = 'cancelled' WHERE id IN (
        SELECT item.id FROM kernel_dueitem AS item JOIN {touched} AS gone ON item.object_id = gone.id::text
        WHERE item.object_type = 'kernel.todo' AND item.state = 'pending'
            AND item.kind IN ('worklist.remind', 'worklist.escalate')
        FOR UPDATE OF item SKIP LOCKED
    )
"""
# The key of a set's due work is the set itself: told twice it is once.
MOMENTS = """
    SELECT due.kind, 'kernel.todo' AS object_type, days.due_on || ':' || md5(days.todos::text) AS object_id,
        CASE WHEN days.is_new THEN due.at ELSE due.anew END AS due_at, NULL::bigint AS recipient_id,
        jsonb_build_object('due_on', days.due_on, 'todos', days.todos) AS data
    FROM days JOIN jsonb_to_recordset(%(todo_moments)s::jsonb)
        AS due(due_on date, kind text, at timestamptz, anew timestamptz) ON due.due_on = days.due_on
"""
OPEN = """
WITH put AS (
    INSERT INTO kernel_todo
        (kind, object_type, object_id, owner_id, due_on, data, url, evidence, opened_at, outcome, version)
    SELECT %(todo_kind)s, %(todo_type)s, object_id, owner_id, due_on, data, url, '{{}}', %(todo_at)s, '', 1
    FROM ({rows}) AS wanted ORDER BY object_id
    {up_to_date}
    RETURNING id, due_on, xmax = 0 AS is_new, escalated_at IS NOT NULL AS is_up
),
changed AS (SELECT id FROM put WHERE NOT is_new AND NOT is_up),
cancelled AS ({cancelled}),
days AS (SELECT due_on, is_new, jsonb_agg(id ORDER BY id) AS todos FROM put WHERE NOT is_up GROUP BY due_on, is_new),
remembered AS ({remembered})
SELECT count(*) FILTER (WHERE is_new), array_remove(array_agg(CASE WHEN NOT is_new THEN id END), NULL), min(id), max(id)
FROM put
"""
CLOSE = """
WITH closed AS (
    UPDATE kernel_todo AS todo SET done_at = %(todo_at)s, done_by_id = %(todo_by)s, outcome = %(todo_outcome)s,
        version = todo.version + 1
    FROM ({rows}) AS gone
    WHERE todo.kind = %(todo_kind)s AND todo.object_type = %(todo_type)s AND todo.object_id = gone.object_id
        AND todo.done_at IS NULL
    RETURNING todo.id
),
cancelled AS ({cancelled}),
settled AS (
    UPDATE kernel_notice AS notice SET read_at = %(todo_at)s FROM closed
    WHERE notice.object_type = 'kernel.todo' AND notice.object_id = closed.id::text AND notice.read_at IS NULL
)
SELECT count(*), min(id), max(id) FROM closed
"""
CHANGED = """
SELECT 'todo.changed' AS action, id::text AS subject_id, kind AS subject_name,
    jsonb_build_object('owner', owner_id, 'due_on', due_on) AS data, NULL::jsonb AS before, NULL::jsonb AS after
FROM kernel_todo WHERE id = ANY(%(changed)s)
"""
# Of a set whose moment has come: those that are open and still due on that day, whoever has them now. One that was
# handed on alone goes up at the moment of its own that was set then.
STILL_OPEN = """
SELECT %(one_of)s, 'kernel.todo', todo.id::text, %(due_at)s::timestamptz,
    CASE WHEN %(to_owner)s THEN todo.owner_id END,
    jsonb_build_object('owner', todo.owner_id, 'due_on', todo.due_on)
FROM kernel_dueitem AS item
CROSS JOIN jsonb_array_elements_text(item.data -> 'todos') AS told(id)
JOIN kernel_todo AS todo ON todo.id = told.id::bigint
WHERE item.id = %(item)s AND todo.done_at IS NULL AND todo.due_on = (item.data ->> 'due_on')::date
    AND (%(to_owner)s OR NOT EXISTS (
        SELECT FROM kernel_dueitem AS own
        WHERE own.object_type = 'kernel.todo' AND own.object_id = todo.id::text AND own.kind = %(one_of)s
            AND own.state = 'pending'
    ))
"""


@transaction.atomic
def todo_open_set(
    *, kind: str, object_type: str, rows: str, parameters: Mapping[str, Any], by: Viewer
) -> tuple[int, int]:
    """As `todo_open` for many, by SQL, without telling each owner at once: how many are new, how many changed.

    `rows` is a SELECT of (object_id text, owner_id, due_on, url, data jsonb), each object once: SQL of ours. The
    caller records per object what asks for the to-do, with its owner and due day. NotPermitted: a job does this.
    """
    if not by.is_system:
        raise NotPermitted
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT due_on FROM ({rows}) AS wanted", parameters)  # noqa: S608 - our own SQL
        moments = _moments(day for (day,) in cursor.fetchall())
        if not moments:
            return 0, 0
        statement = OPEN.format(
            rows=rows,
            up_to_date=UP_TO_DATE,
            cancelled=CANCELLED.format(touched="changed"),
            remembered=scheduling(MOMENTS),
        )
        given: dict[str, Any] = {
            "todo_kind": kind,
            "todo_type": object_type,
            "todo_at": now,
            "todo_moments": json.dumps(plain(moments)),
        }
        cursor.execute(statement, {**parameters, **given})
        opened, changed, first, last = cursor.fetchone()
        changed = changed or []
    if opened or changed:
        told = {"kind": kind, "opened": opened, "changed": len(changed), "first": first, "last": last}
        record("todo.set_opened", subject=None, by=by, data=told)
    if changed:
        record_set(CHANGED, {"changed": changed}, subject_type="kernel.todo", by=by)
    if min(moment["at"] for moment in moments) <= now:
        poke.after_commit()
    return opened, len(changed)


@transaction.atomic
def todo_close_set(
    *, kind: str, object_type: str, rows: str, parameters: Mapping[str, Any], outcome: str, by: Viewer
) -> int:
    """As `todo_close` for the objects of a SELECT of (object_id text): how many to-dos were open."""
    if not by.is_system:
        raise NotPermitted
    given: dict[str, Any] = {"todo_kind": kind, "todo_type": object_type, "todo_outcome": outcome, "todo_by": by.pk}
    with connection.cursor() as cursor:
        statement = CLOSE.format(rows=rows, cancelled=CANCELLED.format(touched="closed"))
        cursor.execute(statement, {**parameters, **given, "todo_at": clock.now()})
        closed, first, last = cursor.fetchone()
    if closed:
        told = {"kind": kind, "closed": closed, "first": first, "last": last, "outcome": outcome}
        record("todo.set_closed", subject=None, by=by, data=told)
    return int(closed)


def remind_set(item: DueItem) -> None:
    """A set's moment has come: let it be due for each of its to-dos that is still open."""
    one_of = ONE_OF[item.kind]
    given = {"one_of": one_of, "to_owner": one_of == REMIND, "due_at": item.due_at, "item": item.pk}
    schedule_set(rows=STILL_OPEN, parameters=given)
    poke.after_commit()


def _moments(days: Iterable[date]) -> list[dict[str, Any]]:
    """When a set reminds and escalates, by due day; `anew`: when what it has changed does."""
    wanted, today, rows = set(days), clock.today(), []
    moments = due_moments({*wanted, today}) if wanted else {}
    for day in sorted(wanted):
        ahead, at = still_ahead(moments[day])
        anew = still_ahead(moments[day], late=moments[today])[1]
        for kind, moment, again in (*((REMIND_SET, moment, moment) for moment in ahead), (ESCALATE_SET, at, anew)):
            rows.append({"due_on": day.isoformat(), "kind": kind, "at": moment, "anew": again})
    return rows
