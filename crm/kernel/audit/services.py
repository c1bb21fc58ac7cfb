"""Writing down what happened. `record()` is called by every service, in the transaction of the act itself."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from crm.kernel.audit import context
from crm.kernel.audit.evidence import digests_of
from crm.kernel.audit.models import AuditEvent, Outcome, RefusalCount
from crm.kernel.audit.proof import proof_of
from crm.kernel.audit.values import clean_text, plain, record_values

# Refusals of strangers that are written one by one, each hour, per entry point and reason.
WRITTEN_AN_HOUR = 20


class NotInTransaction(RuntimeError):
    """`record()` was called outside of a transaction: act and record could part ways."""


def record(
    action: str,
    *,
    subject: models.Model | None,
    by: context.ActsAs | context.Actor,
    data: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    outcome: str = Outcome.DONE,
    sensitive: Collection[str] = frozenset(),
    reason: str = "",
    on_behalf_of: context.ActsAs | None = None,
    evidence: Iterable[models.Model] = (),
) -> AuditEvent:
    """Write one event in the caller's transaction, so that the act and its record live or die together.

    `action` is dotted past tense (`client.created`); `sensitive` names the fields (in any of the three dictionaries)
    of class personal and above, which are kept as keyed hash only. `evidence`: rows of declared kinds that the act
    wrote; the event holds their digests, so they must have been saved. The returned instance has its id; `payload`,
    `xid` and `written_at` are the database's, read them from there.
    Raises NotInTransaction outside of `transaction.atomic()`; a database that cannot store the event fails the act.
    """
    _in_transaction(action)
    event = _event(action, subject=subject, by=context.actor_of(by, on_behalf_of=on_behalf_of), outcome=outcome)
    event.reason = clean_text(str(reason), limit=2000)
    event.data = record_values(data, sensitive=sensitive) or {}
    event.before = record_values(before, sensitive=sensitive)
    event.after = record_values(after, sensitive=sensitive)
    event.evidence = digests_of(evidence, action=action)
    event.proof = proof_of(event.__dict__)
    event.save()
    return event


@dataclass(frozen=True)
class Told:
    """One of many events of one act: its subject and what is kept of it."""

    subject: models.Model
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    sensitive: Collection[str] = frozenset()


def record_many(action: str, told: Iterable[Told], *, by: context.ActsAs | context.Actor) -> None:
    """Write the events that `record` would write one by one, in one statement, in the caller's transaction."""
    _in_transaction(action)
    actor, events = context.actor_of(by), []
    for one in told:
        event = _event(action, subject=one.subject, by=actor, outcome=Outcome.DONE)
        event.before = record_values(one.before, sensitive=one.sensitive)
        event.after = record_values(one.after, sensitive=one.sensitive)
        event.proof = proof_of(event.__dict__)
        events.append(event)
    AuditEvent.objects.bulk_create(events)


def _event(action: str, *, subject: models.Model | None, by: context.Actor, outcome: str) -> AuditEvent:
    """An unsaved event with who, when and whence."""
    circumstances = context.current()
    return AuditEvent(
        at=context.now(),
        action=action,
        outcome=Outcome(outcome).value,
        reason="",
        **_subject_columns(subject),
        person_id=by.person_id,
        person_name=clean_text(by.person_name, limit=200),
        roles=clean_text(by.roles, limit=500),
        account_id=by.account_id,
        account_name=clean_text(by.account_name, limit=200),
        on_behalf_of_id=by.on_behalf_of_id,
        on_behalf_of_name=clean_text(by.on_behalf_of_name, limit=200),
        door=circumstances.door,
        ip=circumstances.ip,
        request_id=clean_text(circumstances.request_id, limit=64),
        data={},
        before=None,
        after=None,
        evidence=None,
    )


def _in_transaction(action: str) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(f"record({action!r}) must run in the transaction of the act")


def record_refusal(
    action: str,
    *,
    subject: models.Model | None,
    by: context.ActsAs | context.Actor,
    reason: str,
    data: Mapping[str, Any] | None = None,
    sensitive: Collection[str] = frozenset(),
) -> AuditEvent:
    """Write a refused attempt in a transaction of its own. The error boundary calls it after the rollback of the act.

    Raises RuntimeError when a transaction is still open: the record would be rolled back together with what was
    refused.
    """
    with transaction.atomic(durable=True):
        return record(
            action, subject=subject, by=by, data=data, outcome=Outcome.REFUSED, sensitive=sensitive, reason=reason
        )


def count_refusal(
    action: str,
    *,
    by: context.Actor,
    reason: str,
    subject: models.Model | None = None,
    data: Mapping[str, Any] | None = None,
) -> AuditEvent | None:
    """Count the refusal of a stranger; the first ones of an hour, entry point and reason are written too.

    Whoever is not logged in could otherwise fill the trail at no cost. `fold_refusals` writes the counts afterwards.
    In a transaction of its own, as `record_refusal`.
    """
    hour = context.now().replace(minute=0, second=0, microsecond=0)
    door = context.current().door
    with transaction.atomic(durable=True):
        count = _raise_count(hour, action, reason, str(door))
        if count > WRITTEN_AN_HOUR:
            return None
        return record(action, subject=subject, by=by, data=data, outcome=Outcome.REFUSED, reason=reason)


def _raise_count(hour: datetime, action: str, reason: str, door: str) -> int:
    """Add one to the count of this hour, entry point and reason, in one statement; the new count."""
    table = connection.ops.quote_name(RefusalCount._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS present (hour, action, reason, door, refused) VALUES (%s, %s, %s, %s, 1) "  # noqa: S608 - our own table
            "ON CONFLICT (hour, action, reason, door) DO UPDATE SET refused = present.refused + 1 RETURNING refused",
            [hour, action[:100], reason[:100], door],
        )
        return int(cursor.fetchone()[0])


@transaction.atomic
def fold_refusals() -> int:
    """Write one event for each count of an hour that is over and had more refusals than were written; how many events.

    The counts themselves are deleted with it. May run twice or late: each count is taken by one run.
    """
    hour = context.now().replace(minute=0, second=0, microsecond=0)
    over = list(RefusalCount.objects.select_for_update(skip_locked=True).filter(hour__lt=hour).order_by("pk"))
    more = [row for row in over if row.refused > WRITTEN_AN_HOUR]
    for row in more:
        facts = {"hour": row.hour, "action": row.action, "door": row.door, "refused": row.refused}
        record("request.refusals_counted", subject=None, by=context.SYSTEM, reason=row.reason, data=facts)
    RefusalCount.objects.filter(pk__in=[row.pk for row in over]).delete()
    return len(more)


def record_read(
    action: str,
    *,
    subject: models.Model | None,
    by: context.ActsAs | context.Actor,
    purpose: str = "",
    data: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write a read that is worth remembering (reveal, dossier, download, export), before the content is handed out.

    Joins an open transaction, or opens its own.
    """
    with transaction.atomic():
        return record(action, subject=subject, by=by, data=data, reason=purpose)


def _subject_columns(subject: models.Model | None) -> dict[str, str]:
    if subject is None:
        return {}
    # A model whose own text would give away a person defines `audit_name`.
    name = getattr(subject, "audit_name", None) or str(subject)
    return {
        "subject_type": subject._meta.label_lower,
        "subject_id": str(plain(subject)) if subject.pk is not None else "",
        "subject_name": clean_text(str(name), limit=300),
    }


# What a set of events is made of: the SELECT given to `record_set` answers these columns, the last three as jsonb.
SET_COLUMNS = ("action", "subject_id", "subject_name", "data", "before", "after")


def record_set(
    rows: str, parameters: Mapping[str, Any], *, subject_type: str, by: context.ActsAs | context.Actor
) -> int:
    """Write one event per row of a SELECT, in the caller's transaction, without bringing a row to Python.

    `rows` is SQL of our own code (SET_COLUMNS in this order), never of a user; it must not hold a personal value, since
    nothing is hashed on the way. Answers how many were written. For jobs over many objects; an act uses `record`.
    """
    _in_transaction("a set")
    connection = transaction.get_connection()
    actor, circumstances = context.actor_of(by), context.current()
    fixed: dict[str, Any] = {
        "at": context.now(),
        "outcome": Outcome.DONE.value,
        "reason": "",
        "subject_type": subject_type,
        "person_id": actor.person_id,
        "person_name": clean_text(actor.person_name, limit=200),
        "roles": clean_text(actor.roles, limit=500),
        "account_id": actor.account_id,
        "account_name": clean_text(actor.account_name, limit=200),
        "on_behalf_of_id": actor.on_behalf_of_id,
        "on_behalf_of_name": clean_text(actor.on_behalf_of_name, limit=200),
        "door": str(circumstances.door),
        "ip": circumstances.ip,
        "request_id": clean_text(circumstances.request_id, limit=64),
    }
    fixed["proof"] = proof_of(fixed)
    table = connection.ops.quote_name(AuditEvent._meta.db_table)
    places = ", ".join(f"%(audit_{name})s::{_type_of(name)}" for name in fixed)
    statement = (
        f"INSERT INTO {table} ({', '.join(SET_COLUMNS)}, {', '.join(fixed)}) "  # noqa: S608 - names of our own columns
        f"SELECT {', '.join(f'told.{name}' for name in SET_COLUMNS)}, {places} FROM ({rows}) AS told"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**parameters, **{f"audit_{name}": value for name, value in fixed.items()}})
        return int(cursor.rowcount)


def _type_of(name: str) -> str:
    """The column's type in the database: a bare null has none of its own."""
    kind = AuditEvent._meta.get_field(name).db_type(transaction.get_connection())
    return str(kind)
