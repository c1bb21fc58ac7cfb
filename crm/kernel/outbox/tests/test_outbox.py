"""What is due is done once: whoever schedules twice, whatever fails, whoever is killed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from crm.kernel.access.errors import Conflict, NotPermitted
from crm.kernel.audit.models import AuditEvent
from crm.kernel.audit.services import NotInTransaction
from crm.kernel.outbox import handlers, relay, runs, services
from crm.kernel.outbox.models import DueItem, JobRun
from crm.kernel.workdays import clock

KIND = "test.kind"


@pytest.fixture
def told(monkeypatch):
    """A kind whose handler notes which objects it was called for; `told.fail` makes it raise."""
    monkeypatch.setattr(handlers, "_registry", dict(handlers._registry))
    calls: list[str] = []

    @handlers.handles(KIND, tries=3)
    def note(item):
        calls.append(item.object_id)
        if item.data.get("fail"):
            raise ValueError("no such luck")

    return calls


def due(subject, *, at=None, recipient=None, data=None, kind=KIND):
    with transaction.atomic():
        services.schedule(kind=kind, subject=subject, due_at=at or clock.now(), recipient=recipient, data=data)


@pytest.mark.django_db
def test_what_is_scheduled_twice_is_done_once(told, owner):
    at = clock.now()
    for _ in range(2):
        due(owner, at=at)
        due(owner, at=at, recipient=owner)
    assert relay.relay_due() == 2
    assert relay.relay_due() == 0
    assert told == [str(owner.pk)] * 2


@pytest.mark.django_db
def test_what_waits_is_about_what_was_told_last_and_what_was_done_stays(told, owner):
    tomorrow = clock.now() + timedelta(days=1)
    for stage in ("initial", "recheck"):
        due(owner, at=tomorrow, data={"stage": stage})
    assert [item.data for item in DueItem.objects.all()] == [{"stage": "recheck"}]
    with clock.at(tomorrow):
        relay.relay_due()
    due(owner, at=tomorrow, data={"stage": "final"})
    assert [(item.data, item.state) for item in DueItem.objects.all()] == [({"stage": "recheck"}, "done")]


@pytest.mark.django_db
def test_nothing_is_done_before_its_time(told, owner):
    tomorrow = clock.now() + timedelta(days=1)
    due(owner, at=tomorrow)
    assert relay.relay_due() == 0
    with clock.at(tomorrow):
        assert relay.relay_due() == 1


@pytest.mark.django_db
def test_what_is_cancelled_is_not_done_and_comes_back_when_it_is_due_after_all(told, owner):
    tomorrow = clock.now() + timedelta(days=1)
    due(owner, at=tomorrow)
    assert services.cancel(kind=KIND, subject=owner) == 1
    with clock.at(tomorrow):
        assert relay.relay_due() == 0
    due(owner, at=tomorrow)
    with clock.at(tomorrow):
        assert relay.relay_due() == 1


@pytest.mark.django_db(transaction=True)
def test_scheduling_without_a_transaction_is_refused(told, owner):
    with pytest.raises(NotInTransaction):
        services.schedule(kind=KIND, subject=owner, due_at=clock.now())


@pytest.mark.django_db
def test_one_that_always_fails_is_tried_so_often_and_no_more_while_the_others_go_on(told, owner, colleague):
    due(owner, data={"fail": True})
    due(colleague)
    now = clock.now()
    assert relay.relay_due() == 1
    for hours in range(1, 6):
        with clock.at(now + timedelta(hours=hours)):
            assert relay.relay_due() == 0
    assert told.count(str(owner.pk)) == 3
    dead = DueItem.objects.get(state=DueItem.State.DEAD)
    assert dead.last_error == "ValueError: no such luck"


@pytest.mark.django_db
def test_what_failed_for_the_last_time_is_given_up_at_once(told, owner):
    due(owner, data={"fail": True})
    at = clock.now()
    states = []
    for hours in range(3):
        with clock.at(at + timedelta(hours=hours)):
            relay.relay_due()
            states.append(DueItem.objects.get().state)
    assert states == [DueItem.State.PENDING, DueItem.State.PENDING, DueItem.State.DEAD]


@pytest.mark.django_db
def test_a_failure_undoes_the_effect_and_waits_longer_each_time(told, owner):
    due(owner, data={"fail": True})
    waits = []
    at = clock.now()
    for _ in range(2):
        with clock.at(at):
            relay.relay_due()
            item = DueItem.objects.get()
            waits.append(item.next_try_at - at)
            at = item.next_try_at
    assert waits == [timedelta(seconds=10), timedelta(seconds=40)]
    assert relay.wait_after(50) == timedelta(hours=1)


@pytest.mark.django_db
def test_one_whose_worker_dies_each_time_is_given_up_too(told, owner):
    due(owner)
    at = clock.now()
    for hours in range(3):
        with clock.at(at + timedelta(hours=hours)):
            assert relay._claim() is not None  # and here the worker is killed
    with clock.at(at + timedelta(hours=4)):
        assert relay.relay_due() == 0
    assert DueItem.objects.get().state == DueItem.State.DEAD
    assert told == []


@pytest.mark.django_db
def test_a_kind_nobody_handles_is_a_dead_letter_in_the_end(told, owner):
    due(owner, kind="test.nobody")
    at = clock.now()
    for hours in range(10):
        with clock.at(at + timedelta(hours=2 * hours)):
            relay.relay_due()
    item = DueItem.objects.get()
    assert item.state == DueItem.State.DEAD
    assert "nothing handles test.nobody" in item.last_error


@pytest.mark.django_db
def test_a_dead_letter_is_delivered_again_by_a_system_administrator_only(told, owner, system_admin, auditor):
    due(owner, data={"fail": True})
    DueItem.objects.update(state=DueItem.State.DEAD, attempts=3)
    item = DueItem.objects.get()
    with pytest.raises(NotPermitted):
        services.redeliver(item=item, by=auditor)
    DueItem.objects.update(data={})
    services.redeliver(item=item, by=system_admin)
    assert relay.relay_due() == 1
    assert AuditEvent.objects.filter(action="delivery.redelivered").count() == 1
    with pytest.raises(Conflict):
        services.redeliver(item=item, by=system_admin)


@pytest.mark.django_db
def test_an_object_that_is_gone_is_found_to_be_gone(owner):
    due(owner)
    item = DueItem.objects.get()
    assert item.find_subject() == owner
    item.object_id = "987654321"
    assert item.find_subject() is None


@pytest.mark.django_db
def test_the_lag_is_that_of_the_oldest_that_is_due(told, owner, colleague):
    assert relay.lag() is None
    now = clock.now()
    due(owner, at=now - timedelta(minutes=5))
    due(colleague, at=now + timedelta(minutes=5))
    with clock.at(now):
        assert relay.lag() == timedelta(minutes=5)


@pytest.mark.django_db
def test_a_run_tells_how_far_it_is_and_how_it_ended():
    with runs.job("night", key="2026-11-24") as run:
        run.progress(3, 10, opened=2)
        assert (JobRun.objects.get().done, JobRun.objects.get().counts) == (3, {"opened": 2})
    with pytest.raises(ZeroDivisionError), runs.job("night", key="2026-11-25"):
        raise ZeroDivisionError("by night")
    assert list(JobRun.objects.order_by("pk").values_list("state", "error")) == [
        ("done", ""),
        ("failed", "ZeroDivisionError: by night"),
    ]


@pytest.mark.django_db
def test_of_a_small_job_only_the_last_run_is_kept():
    for _ in range(3):
        with runs.job("poke", keep=False):
            pass
    assert JobRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_cancels_or_schedules_again_does_not_wait_for_the_relay_that_holds_the_item(told, owner):
    at = clock.now()
    due(owner, at=at)
    item = DueItem.objects.get()
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        DueItem.objects.select_for_update().get(pk=item.pk)
        assert other.submit(_cancel_and_schedule, owner, at).result(timeout=120) == 0
    assert DueItem.objects.get().state == "pending"


def _cancel_and_schedule(subject, at):
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
            cancelled = services.cancel(kind=KIND, subject=subject)
            services.schedule(kind=KIND, subject=subject, due_at=at)
            return cancelled
    finally:
        connection.close()
