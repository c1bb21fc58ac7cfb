"""The sealer gives every committed event its place, and overtakes nobody."""

import hashlib
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from crm.kernel.audit import sealing, selectors
from crm.kernel.audit.models import AuditEvent, AuditSeal
from crm.kernel.audit.services import record
from crm.kernel.audit.tasks import seal_audit
from crm.kernel.audit.tests.helpers import MANAGER, seal_everything, write_events

pytestmark = pytest.mark.django_db(transaction=True)


def chain() -> list[tuple[int, int]]:
    return list(AuditSeal.objects.order_by("seq").values_list("seq", "event_id"))


def test_events_get_a_gapless_sequence_and_a_chained_digest():
    write_events(5)
    seal_everything()
    previous = bytes(32)
    for number, seal in enumerate(AuditSeal.objects.select_related("event").order_by("seq"), start=1):
        assert seal.seq == number
        previous = hashlib.sha256(previous + seal.event.payload.encode()).digest()
        assert bytes(seal.digest) == previous
    assert number == 5


def test_sealing_again_changes_nothing():
    write_events(3)
    seal_everything()
    before = chain()
    assert sealing.seal_events() == 0
    assert chain() == before


def test_small_batches_make_the_same_chain():
    write_events(5)
    with transaction.atomic():
        for number in range(4):
            record("a.b", subject=None, by=MANAGER, data={"n": number})
    while sealing.seal_events(batch=2) or AuditSeal.objects.count() < 9:
        pass
    assert [seq for seq, _ in chain()] == list(range(1, 10))
    assert len({event for _, event in chain()}) == 9


def test_an_act_rolled_back_leaves_no_gap():
    write_events(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("a.b", subject=None, by=MANAGER)
        raise ZeroDivisionError
    write_events(1)
    seal_everything()
    assert [seq for seq, _ in chain()] == [1, 2]


@pytest.mark.parametrize("before", [0, 2])
def test_a_long_open_transaction_is_never_overtaken(before):
    """A begins and writes, B writes and commits: B waits for A, and A comes first, however late it commits.

    At the start of a log and in its middle: there an overtaken event would lie before the sealer's place for ever.
    """
    write_events(before)
    seal_everything()
    written, finish = threading.Event(), threading.Event()
    slow: list[int] = []

    def hold() -> None:
        try:
            with transaction.atomic():
                slow.append(record("slow.act", subject=None, by=MANAGER).pk)
                written.set()
                finish.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert written.wait(20)
    try:
        write_events(3)
        for _ in range(5):
            assert sealing.seal_events() == 0
        assert len(chain()) == before
        assert selectors.sealing_lag() > timedelta(0)
    finally:
        finish.set()
        thread.join()
    seal_everything()
    order = [event for _, event in chain()][before:]
    assert len(order) == 4
    assert order[0] == slow[0]
    assert selectors.sealing_lag() is None


def test_of_two_sealers_one_works_and_the_other_goes_home():
    write_events(3)
    done: list[int] = []

    def seal() -> None:
        try:
            done.append(sealing.seal_events())
        finally:
            connections.close_all()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [sealing.LOCK])
        thread = threading.Thread(target=seal)
        thread.start()
        thread.join()
    assert done == [0]
    seal_everything()
    assert len(chain()) == 3


def test_many_sealers_and_writers_at_once_make_one_chain():
    stop = threading.Event()
    errors: list[BaseException] = []

    def work(act) -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 (a thread's error must reach the test)
            errors.append(error)
        finally:
            connections.close_all()

    def seal() -> None:
        while not stop.is_set():
            sealing.seal_events(batch=3)

    sealers = [threading.Thread(target=work, args=(seal,)) for _ in range(2)]
    writers = [threading.Thread(target=work, args=(lambda: write_events(20),)) for _ in range(3)]
    for thread in [*sealers, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sealers:
        thread.join()
    seal_everything()
    assert errors == []
    assert [seq for seq, _ in chain()] == list(range(1, 61))


def test_after_a_restore_into_another_cluster_sealing_goes_on():
    """Restored rows carry transaction ids of a future that this cluster has not reached; new ones lie far below."""
    write_events(2)
    seal_everything()
    write_events(2)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_auditevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE kernel_auditevent SET xid = xid + 1000000000")
        cursor.execute("ALTER TABLE kernel_auditevent ENABLE TRIGGER USER")
    leftovers = list(AuditEvent.objects.order_by("id").values_list("id", flat=True))[2:]
    write_events(2)
    assert selectors.sealing_lag() is not None
    seal_everything()
    assert [event for _, event in chain()][2:4] == leftovers
    write_events(1)
    seal_everything()
    assert [seq for seq, _ in chain()] == list(range(1, 8))


def test_the_task_seals():
    write_events(2)
    seal_audit()
    seal_everything()
    assert len(chain()) == 2


def test_a_broken_seal_table_does_not_stop_business():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_auditseal RENAME TO hidden")
    try:
        write_events(1)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE hidden RENAME TO kernel_auditseal")
    assert AuditEvent.objects.count() == 1
