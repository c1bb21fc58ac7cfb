"""Promises of `permit`: one query, refusals in one order, nothing older than the lock."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from clients.file import services
from clients.file.models import Client
from clients.file.tests.factories import ClientFactory
from crm.kernel.access.checks import ask, permit
from crm.kernel.access.errors import DomainError, NotPermitted, NotVisible, PreconditionRequired, Stale
from crm.kernel.audit.context import SYSTEM

pytestmark = pytest.mark.django_db


def test_visible_permitted_version_and_lock_are_one_query(owner):
    client = ClientFactory()
    assert owner.roles and not owner.covers_wholly
    with transaction.atomic(), CaptureQueriesContext(connection) as sent:
        row = permit(Client, owner, "change", expected_version=1, lock=True, pk=client.pk)
    assert row == client
    assert len([query for query in sent if "SAVEPOINT" not in query["sql"]]) == 1
    assert "FOR UPDATE" in sent[0]["sql"]


def test_several_acts_are_asked_along_with_the_row(head):
    client = ClientFactory()
    assert head.roles and not head.covers_wholly
    with CaptureQueriesContext(connection) as sent:
        found = ask(Client, head, "change", "reassign", "share", pk=client.pk)
    assert len(sent) == 1
    assert [bool(found.may(action)) for action in ("change", "reassign", "share")] == [False, True, True]
    assert str(found.may("change").reason)


@pytest.mark.parametrize(
    ("part", "version", "refusal"),
    [("stranger", None, NotVisible), ("head", None, NotPermitted), ("owner", None, PreconditionRequired)],
)
def test_what_is_refused_first_hides_what_would_be_refused_next(part, version, refusal, request):
    """Who may not see it does not hear of a version; nor does who may not do it."""
    client, person = ClientFactory(), request.getfixturevalue(part)
    with pytest.raises(DomainError) as refused:
        permit(Client, person, "change", expected_version=version, pk=client.pk)
    assert type(refused.value) is refusal


def test_an_old_version_is_stale_and_names_the_present_one(owner):
    client = ClientFactory()
    Client.objects.update(version=3)
    with pytest.raises(Stale) as refused:
        permit(Client, owner, "change", expected_version=1, pk=client.pk)
    assert refused.value.details == {"current_version": 3}


def test_a_refusal_carries_the_reason_of_the_policy(head):
    client = ClientFactory()
    with pytest.raises(NotPermitted) as refused:
        permit(Client, head, "change", pk=client.pk)
    assert refused.value.message == ask(Client, head, "change", pk=client.pk).may("change").reason


def test_who_has_left_sees_nothing_and_the_system_may_everything(owner):
    client = ClientFactory()
    assert permit(Client, SYSTEM, "reassign", pk=client.pk) == client
    owner.is_active = False
    with pytest.raises(NotVisible):
        permit(Client, owner, "change", pk=client.pk)


@pytest.mark.django_db(transaction=True)
def test_a_right_that_was_taken_while_waiting_for_the_lock_is_gone(owner, colleague):
    """The row does not change here, only the grant: what was read before the wait must not count."""
    client = ClientFactory()
    services.co_manager_add(client=client, person=colleague, by=owner)

    def confirm() -> str:
        try:
            services.client_confirm(client=client, source="营业执照", expected_version=1, by=colleague)
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            services.co_manager_remove(client=client, person=colleague, by=owner)
            answer = pool.submit(confirm)
            wait_until_blocked()
        assert answer.result(timeout=30) == "not_found"


def wait_until_blocked() -> None:
    """Until some statement waits for a lock."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with connection.cursor() as cursor:
        for _attempt in range(500):
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    pytest.fail("nothing waits for the lock")
