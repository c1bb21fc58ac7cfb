"""The contact plan, set-based: last contact and next due of every client, and one to-do where it is overdue.

One statement serves one client after an interaction and all by night; only what differs is written (rules-2 10.7).
"""

import json
from datetime import date
from typing import Any

from django.db import connection, transaction

from clients.file.models import Client
from crm.kernel.access.errors import NotPermitted
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record, record_set
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.services import todo_close, todo_close_set, todo_open_set

CONTACT_TODO = "client.contact_overdue"
PLAN = "contact.plan"
LABEL = Client._meta.label_lower
CHUNK = 5_000

# A call counts when it lasted long enough and something was noted of it; one without an end is of unknown length.
FOUND = """
SELECT client.id AS client_id, talk.last_on,
    (%(plan)s::jsonb -> 'every_days' ->> CASE WHEN standing.grade <> '' AND standing.grade_until >= %(as_of)s::date
        THEN standing.grade ELSE 'none' END)::int AS every_days,
    coalesce(talk.last_on, (client.created_at AT TIME ZONE 'Asia/Shanghai')::date) AS since
FROM clients_client AS client
LEFT JOIN clients_standing AS standing ON standing.client_id = client.id
LEFT JOIN LATERAL (
    SELECT (spoken.starts_at AT TIME ZONE 'Asia/Shanghai')::date AS last_on FROM clients_interaction AS spoken
    WHERE spoken.client_id = client.id AND spoken.state = 'held'
        AND %(plan)s::jsonb -> 'kinds' ? spoken.kind
        AND (spoken.kind <> 'call' OR spoken.words <> '' AND
            spoken.ends_at >= spoken.starts_at + make_interval(mins => (%(plan)s::jsonb ->> 'call_minutes')::int))
    ORDER BY spoken.starts_at DESC, spoken.id DESC LIMIT 1
) AS talk ON TRUE
WHERE client.id > %(low)s AND client.id <= %(high)s
"""
WRITE = f"""
WITH put AS (
    INSERT INTO clients_contactplan AS plan (client_id, last_on, every_days, due_on, as_of)
    SELECT client_id, last_on, every_days, since + every_days, %(as_of)s FROM ({FOUND}) AS found ORDER BY client_id
    ON CONFLICT (client_id) DO UPDATE SET last_on = EXCLUDED.last_on, every_days = EXCLUDED.every_days,
        due_on = EXCLUDED.due_on, as_of = EXCLUDED.as_of
    WHERE (plan.last_on, plan.every_days, plan.due_on)
        IS DISTINCT FROM (EXCLUDED.last_on, EXCLUDED.every_days, EXCLUDED.due_on)
    RETURNING client_id
)
SELECT count(*) FROM put
"""  # noqa: S608 - our own SQL
RANGE = "plan.client_id > %(low)s AND plan.client_id <= %(high)s"
OPEN = f"""
    EXISTS (SELECT FROM kernel_todo AS todo WHERE todo.kind = '{CONTACT_TODO}' AND todo.object_type = '{LABEL}'
        AND todo.object_id = plan.client_id::text AND todo.done_at IS NULL)
"""
EVENTS = f"""
SELECT 'client.contact_overdue' AS action, plan.client_id::text AS subject_id, '' AS subject_name,
    jsonb_build_object('owner', client.owner_id, 'due_on', plan.due_on) AS data, NULL::jsonb AS before,
    NULL::jsonb AS after
FROM clients_contactplan AS plan JOIN clients_client AS client ON client.id = plan.client_id
WHERE {RANGE} AND plan.due_on < %(as_of)s::date AND NOT {OPEN}
"""  # noqa: S608
# A to-do that is open keeps its day: the night does not put off what it asked for.
WANTED = f"""
SELECT plan.client_id::text AS object_id, client.owner_id,
    coalesce(
        (SELECT todo.due_on FROM kernel_todo AS todo WHERE todo.kind = '{CONTACT_TODO}' AND todo.done_at IS NULL
            AND todo.object_type = '{LABEL}' AND todo.object_id = plan.client_id::text),
        %(todo_due)s::date) AS due_on,
    '/clients/' || plan.client_id || '/' AS url, jsonb_build_object('client', client.name) AS data
FROM clients_contactplan AS plan JOIN clients_client AS client ON client.id = plan.client_id
WHERE {RANGE} AND plan.due_on < %(as_of)s::date
"""  # noqa: S608
MET = f"""
SELECT plan.client_id::text AS object_id FROM clients_contactplan AS plan
WHERE {RANGE} AND plan.due_on >= %(as_of)s::date
"""  # noqa: S608


@transaction.atomic
def update_contact(client: Client, *, by: Viewer) -> None:
    """Tell the plan of one client after an interaction; its to-do is done once it is overdue no more."""
    given = _given(low=client.pk - 1, high=client.pk)
    with connection.cursor() as cursor:
        cursor.execute(WRITE, given)
        cursor.execute(f"SELECT EXISTS ({MET})", given)
        is_met = cursor.fetchone()[0]
    if is_met:
        todo_close(kind=CONTACT_TODO, subject=client, outcome="contacted", by=by)


def contact_plans_update(*, by: Viewer, chunk: int = CHUNK) -> dict[str, int]:
    """Bring the plans of all clients up to today, chunk by chunk; each overdue one is one to-do of its account manager.

    Twice on one day it changes nothing the second time. NotPermitted: a job does this. Counts of what changed.
    """
    if not by.is_system:
        raise NotPermitted
    counts = {"clients": 0, "overdue": 0, "met": 0}
    low, last = 0, Client.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    while low < last:
        keys = Client.objects.filter(pk__gt=low).order_by("pk").values_list("pk", flat=True)[chunk - 1 : chunk]
        high = next(iter(keys), last)
        for name, number in _update_range(low, high, by=by).items():
            counts[name] += number
        low = high
    return counts


@transaction.atomic
def _update_range(low: int, high: int, *, by: Viewer) -> dict[str, int]:
    given = _given(low=low, high=high)
    days = parameters.value(PLAN).value["workdays"]
    given["todo_due"] = add_workdays(clock.today(), days).date
    with connection.cursor() as cursor:
        cursor.execute(WRITE, given)
        changed = cursor.fetchone()[0]
    overdue = record_set(EVENTS, given, subject_type=LABEL, by=by)
    told: dict[str, Any] = {"kind": CONTACT_TODO, "object_type": LABEL, "parameters": given, "by": by}
    todo_open_set(rows=WANTED, **told)
    met = todo_close_set(rows=MET, outcome="in_plan", **told)
    if changed or overdue:
        record("contact_plan.updated", subject=None, by=by, data={"clients": changed, "overdue": overdue})
    return {"clients": changed, "overdue": overdue, "met": met}


def _given(*, low: int, high: int, as_of: date | None = None) -> dict[str, Any]:
    plan = json.dumps(parameters.value(PLAN).value)
    return {"plan": plan, "as_of": as_of or clock.today(), "low": low, "high": high}
