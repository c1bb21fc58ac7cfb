"""What `record()` promises to those who call it."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction

from crm.kernel.audit import context, values
from crm.kernel.audit.models import AppendOnlyError, AuditEvent, Outcome
from crm.kernel.audit.services import NotInTransaction, record, record_read, record_refusal
from crm.kernel.audit.tests.helpers import MANAGER

pytestmark = pytest.mark.django_db


def stored(event: AuditEvent) -> AuditEvent:
    return AuditEvent.objects.get(pk=event.pk)


def test_an_event_says_who_when_where_what_and_the_outcome():
    subject = Group(pk=5, name="福州港务")
    with context.context(door="api", ip="10.1.2.3", request_id="r-1", account_id=70, account_name="linxiao"):
        event = record(
            "client.updated",
            subject=subject,
            by=context.Actor(
                7, "林晓", account_id=70, account_name="linxiao", on_behalf_of_id=8, on_behalf_of_name="陈舟"
            ),
            data={"amount": Decimal("80000000.00"), "when": datetime(2026, 5, 1, 8, tzinfo=UTC)},
            before={"grade": None},
            after={"grade": "AA"},
        )
    event = stored(event)
    assert (event.person_id, event.person_name, event.account_name, event.on_behalf_of_name) == (
        7,
        "林晓",
        "linxiao",
        "陈舟",
    )
    assert (event.door, event.ip, event.request_id, event.outcome) == ("api", "10.1.2.3", "r-1", Outcome.DONE)
    assert (event.subject_type, event.subject_id) == ("auth.group", "5")
    assert event.subject_name == "福州港务"
    assert event.data == {"amount": "80000000.00", "when": "2026-05-01T08:00:00+00:00"}
    assert (event.before, event.after) == ({"grade": None}, {"grade": "AA"})


def test_the_sealed_bytes_say_what_the_columns_say():
    event = stored(record("client.created", subject=None, by=MANAGER, data={"name": "福州港务"}, reason="新建"))
    payload = json.loads(event.payload)
    assert payload["id"] == event.pk
    assert payload["xid"] == event.xid > 0
    assert payload["data"] == {"name": "福州港务"}
    assert (payload["action"], payload["reason"], payload["person_name"]) == ("client.created", "新建", "林晓")


def test_the_system_acts_under_its_own_name():
    event = stored(record("audit.sealed", subject=None, by=context.SYSTEM))
    assert (event.person_id, event.person_name, event.door) == (None, "system", "command")


def test_the_roles_held_at_the_moment_are_kept():
    class Somebody:
        pk, name, roles = 9, "何青", frozenset({"legal", "auditor"})

    assert stored(record("a.b", subject=None, by=Somebody())).roles == "auditor,legal"


def test_the_event_vanishes_with_the_act_that_failed():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("client.created", subject=None, by=MANAGER)
        raise ZeroDivisionError
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_recording_outside_of_a_transaction_is_refused():
    with pytest.raises(NotInTransaction):
        record("client.created", subject=None, by=MANAGER)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_cannot_be_recorded_does_not_happen():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_auditevent RENAME TO hidden")
    try:
        with pytest.raises(DatabaseError), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("CREATE TABLE an_act (n int)")
            record("client.created", subject=None, by=MANAGER)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE hidden RENAME TO kernel_auditevent")
            cursor.execute("SELECT to_regclass('an_act')")
            assert cursor.fetchone()[0] is None


@pytest.mark.django_db(transaction=True)
def test_a_refusal_is_recorded_after_the_rollback():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("client.updated", subject=None, by=MANAGER)
        raise ZeroDivisionError
    record_refusal("client.updated", subject=None, by=MANAGER, reason="not the owner")
    event = AuditEvent.objects.get()
    assert (event.outcome, event.reason) == (Outcome.REFUSED, "not the owner")


@pytest.mark.django_db(transaction=True)
def test_a_refusal_inside_the_refused_transaction_is_an_error():
    with pytest.raises(RuntimeError), transaction.atomic():
        record_refusal("client.updated", subject=None, by=MANAGER, reason="no")


@pytest.mark.django_db(transaction=True)
def test_a_read_worth_remembering_opens_its_own_transaction():
    record_read("client.revealed", subject=None, by=MANAGER, purpose="call the client")
    assert AuditEvent.objects.get().reason == "call the client"


def test_personal_fields_are_kept_as_keyed_hash_only():
    number = "110101199003070011"
    event = record(
        "client.created",
        subject=None,
        by=MANAGER,
        data={"contact": {"mobile": "13800000001"}, "contacts": [{"mobile": "13800000002"}]},
        before={"identity_number": None},
        after={"identity_number": number, "name": "王"},
        sensitive={"identity_number", "mobile"},
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT e::text FROM kernel_auditevent e WHERE id = %s", [event.pk])
        row = cursor.fetchone()[0]
    assert number not in row
    assert "1380000000" not in row
    assert stored(event).before == {"identity_number": None}
    assert stored(event).after == {"identity_number": values.hashed(number, field="identity_number"), "name": "王"}


def test_hashes_differ_by_field_and_by_key(settings):
    mine = values.hashed("x", field="a")
    assert mine == values.hashed("x", field="a") != values.hashed("x", field="b")
    settings.AUDIT_KEY = "another key"
    assert mine != values.hashed("x", field="a")


def test_hostile_text_is_recorded_and_not_refused():
    evil = "a\0b\ud800c\U0001f600" + "x" * 5000
    event = stored(record("a.b", subject=None, by=MANAGER, data={"a\0": evil}, reason=evil))
    assert event.data["a\ufffd"].startswith("a\ufffdb\ufffdc\U0001f600")
    assert len(event.reason) == 2000


def test_what_has_no_faithful_text_is_refused():
    with pytest.raises(TypeError):
        record("a.b", subject=None, by=MANAGER, data={"x": b"bytes"})


def test_nobody_can_choose_the_transaction_id_or_the_time_of_writing():
    forged = AuditEvent.objects.create(
        at=datetime(2020, 1, 1, tzinfo=UTC), action="a.b", person_name="x", door="page",
        xid=1, written_at=datetime(2020, 1, 1, tzinfo=UTC), payload="{}",
    )  # fmt: skip
    forged = stored(forged)
    assert forged.xid > 1
    assert forged.written_at.year > 2020
    assert json.loads(forged.payload)["action"] == "a.b"


def test_events_cannot_be_changed_through_the_model():
    event = record("a.b", subject=None, by=MANAGER)
    for act in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(action="x"),
    ):
        with pytest.raises(AppendOnlyError):
            act()


def test_contexts_nest_and_end():
    with context.context(door="page", request_id="outer", account_id=1):
        with context.context(door="task", request_id="inner"):
            assert (context.current().request_id, context.current().account_id) == ("inner", None)
        context.bind_account(account_id=2, account_name="b")
        assert (context.current().request_id, context.current().account_id) == ("outer", 2)
    assert context.current().request_id == ""


def test_events_carry_the_time_of_the_house_clock():
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    before = context._clock[0]
    context.use_clock(lambda: moment)
    try:
        assert stored(record("a.b", subject=None, by=MANAGER)).at == moment
    finally:
        context.use_clock(before)
