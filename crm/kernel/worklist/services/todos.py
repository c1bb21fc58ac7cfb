"""Opening, handing on and closing to-dos. What reminds of them is scheduled here, in the same commit."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F

from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.audit.values import plain
from crm.kernel.notify.services import notices_settle, notify
from crm.kernel.outbox.services import Due, cancel, key_of, schedule_many
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import people_with_role, superior_of
from crm.kernel.workdays import clock
from crm.kernel.worklist import kinds
from crm.kernel.worklist.models import Todo
from crm.kernel.worklist.rules.moments import Moments
from crm.kernel.worklist.selectors import due_moments, sees_subject

REMIND, ESCALATE = "worklist.remind", "worklist.escalate"
# An open one of the same kind and object is brought up to date; one that is as it should be is not touched.
UP_TO_DATE = """
ON CONFLICT (kind, object_type, object_id) WHERE done_at IS NULL DO UPDATE
    SET owner_id = EXCLUDED.owner_id, due_on = EXCLUDED.due_on, data = EXCLUDED.data, url = EXCLUDED.url,
        evidence = EXCLUDED.evidence, version = kernel_todo.version + 1,
        escalated_to_id = CASE WHEN (kernel_todo.owner_id, kernel_todo.due_on) = (EXCLUDED.owner_id, EXCLUDED.due_on)
            THEN kernel_todo.escalated_to_id END,
        escalated_at = CASE WHEN (kernel_todo.owner_id, kernel_todo.due_on) = (EXCLUDED.owner_id, EXCLUDED.due_on)
            THEN kernel_todo.escalated_at END
    WHERE (kernel_todo.owner_id, kernel_todo.due_on, kernel_todo.data, kernel_todo.url, kernel_todo.evidence)
        IS DISTINCT FROM (EXCLUDED.owner_id, EXCLUDED.due_on, EXCLUDED.data, EXCLUDED.url, EXCLUDED.evidence)
"""
UPSERT = f"""
INSERT INTO kernel_todo
    (kind, object_type, object_id, owner_id, due_on, data, url, evidence, opened_at, outcome, version)
VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s, %s::jsonb, %s, '', 1)
{UP_TO_DATE}
RETURNING id, xmax = 0
"""  # noqa: S608 - our own SQL
Subject = models.Model | tuple[str, int | str]


@transaction.atomic
def todo_open(
    *,
    kind: str,
    subject: Subject,
    owner: Person,
    due_on: date,
    url: str,
    data: Mapping[str, Any] | None = None,
    evidence: Mapping[str, Any] | None = None,
    by: Viewer,
) -> Todo:
    """Let `owner` have this to do until `due_on`. An open one of the same kind and subject is brought up to date; one
    that is as it should be is not touched. `subject`: a saved row, or its label and key.

    Reminders before and at the due day and the escalation after it are scheduled with it. An owner who is new to it and
    not the actor is told.
    """
    former = _find(kind, subject)
    values = (kind, *key_of(subject), owner.pk, due_on, _json(data), url, _json(evidence), clock.now())
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, values)
        touched = cursor.fetchone()
    todo = _find(kind, subject)
    assert todo is not None
    if touched is not None:
        is_new = touched[1]
        # One that went up and is still the same person's until the same day goes on going up.
        if todo.escalated_at is None:
            _remind(todo, anew=not is_new)
        action = "todo.opened" if is_new else "todo.changed"
        record(action, subject=todo, by=by, data={"owner": todo.owner_id, "due_on": todo.due_on})
    if by.pk != owner.pk and (former is None or former.owner_id != owner.pk):
        _tell(todo, owner, "todo.assigned", by=by)
    return todo


@transaction.atomic
def todo_close(*, kind: str, subject: models.Model, outcome: str, by: Viewer) -> Todo | None:
    """It is done (or no longer needed: the outcome says which); None when none was open. Nothing reminds any more."""
    object_type, object_id = key_of(subject)
    rows = Todo.objects.filter(kind=kind, object_type=object_type, object_id=object_id, done_at__isnull=True)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        return None
    row.done_at, row.done_by_id, row.outcome, row.version = clock.now(), by.pk, outcome, row.version + 1
    row.save(update_fields=["done_at", "done_by", "outcome", "version"])
    _cancel(row)
    notices_settle(subject=row)
    record("todo.closed", subject=row, by=by, data={"outcome": outcome})
    return row


@transaction.atomic
def todo_escalate(*, todo: Todo, meant: Mapping[str, Any] | None = None, by: Viewer) -> Person | None:
    """It is late: whoever stands above is told, and who stands above that person when it stays so; who was told now.

    With nobody above it is the system administrators' to see that somebody gets responsible. `meant`: whose it was and
    until when as this was scheduled; where that has changed there is another moment.
    """
    rows = Todo.objects.select_for_update(of=("self",)).select_related("owner__department", "escalated_to__department")
    row = rows.filter(pk=todo.pk, done_at__isnull=True).first()
    if row is None or (meant and meant != _standing(row)):
        return None
    last = row.escalated_to or row.owner
    rule = kinds.kind_of(row.kind).escalate_to
    chief = rule(row) if rule else superior_of(last)
    if chief is not None and chief.pk == last.pk:
        return None
    now = clock.now()
    if chief is None:
        if row.escalated_at is None:
            _alarm(row, by=by)
            Todo.objects.filter(pk=row.pk).update(escalated_at=now, version=F("version") + 1)
        return None
    row.escalated_to, row.escalated_at, row.version = chief, now, row.version + 1
    row.save(update_fields=["escalated_to", "escalated_at", "version"])
    record("todo.escalated", subject=row, by=by, data={"to": chief.pk, "due_on": row.due_on})
    _tell(row, chief, "todo.escalated", by=by, is_escalation=True)
    schedule_many([Due(ESCALATE, row, due_moments([clock.today()])[clock.today()].escalate, data=_standing(row))])
    return chief


def _find(kind: str, subject: Subject) -> Todo | None:
    object_type, object_id = key_of(subject)
    rows = Todo.objects.select_related("owner")
    return rows.filter(kind=kind, object_type=object_type, object_id=object_id, done_at__isnull=True).first()


def _json(data: Mapping[str, Any] | None) -> str:
    return json.dumps(plain(data or {}))


def _remind(todo: Todo, *, anew: bool = False) -> None:
    """Schedule its reminders and escalation; `anew` after the owner or the day has changed."""
    if anew:
        _cancel(todo)
    found = due_moments({todo.due_on, clock.today()})
    remind, at = still_ahead(found[todo.due_on], late=found[clock.today()] if anew else None)
    rows = [Due(REMIND, todo, moment, todo.owner_id) for moment in remind]
    schedule_many([*rows, Due(ESCALATE, todo, at, data=_standing(todo))])


def still_ahead(moments: Moments, *, late: Moments | None = None) -> tuple[list[datetime], datetime]:
    """When to remind and when to escalate now. A reminder that lies behind was nobody's to do yet: a late to-do goes
    up at once, or as one due today (`late`) where it was somebody else's or due another day before.
    """
    now, at = clock.now(), moments.escalate
    return [moment for moment in moments.remind if moment >= now], late.escalate if late and at <= now else at


def _standing(todo: Todo) -> dict[str, Any]:
    """What an escalation that is scheduled is about, as its data keep it (sets.STILL_OPEN writes the same)."""
    return {"owner": todo.owner_id, "due_on": todo.due_on.isoformat()}


def _cancel(todo: Todo) -> None:
    for kind in (REMIND, ESCALATE):
        cancel(kind=kind, subject=todo)


def _tell(todo: Todo, person: Person, kind: str, *, by: Viewer, is_escalation: bool = False) -> None:
    """A notice about the to-do. Who hears that it is late and does not see what it is about hears no name."""
    todo.is_veiled = is_escalation and not sees_subject(person, todo)
    about = {} if todo.is_veiled else {"todo": todo.data}
    notify(
        recipient=person,
        kind=kind,
        subject=todo,
        url=todo.link,
        data={"kind": todo.kind, "due_on": todo.due_on, "owner": todo.owner.name, **about},
        due_at=clock.now(),
        is_escalation=is_escalation,
        by=by,
    )


def _alarm(todo: Todo, *, by: Viewer) -> None:
    """Nobody stands above: the administrators hear of it, and the audit trail."""
    record("todo.nobody_above", subject=todo, by=by, data={"owner": todo.owner_id, "due_on": todo.due_on})
    for person in people_with_role(Role.SYSTEM_ADMIN):
        _tell(todo, person, "todo.nobody_above", by=by, is_escalation=True)
