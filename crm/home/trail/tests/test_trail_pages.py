"""The audit trail as pages: the auditor reads all, everybody else their own things' history, strangers nothing."""

import pytest
from django.urls import reverse

from clients.file.tests.factories import ClientFactory
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.testing.people import browser_for

pytestmark = pytest.mark.django_db


def test_the_auditor_reads_the_trail_and_opens_a_row(auditor: Person, owner: Person) -> None:
    browser = browser_for(auditor)
    assert browser.get(reverse("home:audit_list")).status_code == 200
    event = AuditEvent.objects.latest("pk")
    page = browser.get(reverse("home:audit_detail", args=[event.pk]))
    assert page.status_code == 200
    assert event.action in page.content.decode()


def test_for_everybody_else_there_is_no_trail(owner: Person, head: Person, system_admin: Person) -> None:
    event = AuditEvent.objects.latest("pk")
    for person in (owner, head, system_admin):
        browser = browser_for(person)
        assert browser.get(reverse("home:audit_list")).status_code == 404
        assert browser.get(reverse("home:audit_detail", args=[event.pk])).status_code == 404


def test_a_refused_try_is_in_the_trail_with_who_and_where(owner: Person, stranger: Person, auditor: Person) -> None:
    client = ClientFactory(owner=owner)
    answer = browser_for(stranger).get(client.get_absolute_url())
    assert answer.status_code == 404
    event = AuditEvent.objects.filter(action="request.refused").latest("pk")
    assert (event.person_id, event.outcome, event.data["path"]) == (stranger.pk, "refused", client.get_absolute_url())
    assert event.request_id == answer.headers["X-Request-ID"]


def test_a_history_is_read_by_who_sees_the_thing(owner: Person, stranger: Person) -> None:
    client = ClientFactory(owner=owner)
    address = reverse("home:subject_history", args=["clients.client", client.pk])
    assert browser_for(owner).get(address).status_code == 200
    assert browser_for(stranger).get(address).status_code == 404
    assert browser_for(owner).get(reverse("home:subject_history", args=["kernel.account", 1])).status_code == 404


@pytest.mark.parametrize("query", ["page=-1", "colour=red", "outcome=maybe", "since=yesterday", "person=x"])
def test_a_wrong_condition_is_named(auditor: Person, query: str) -> None:
    answer = browser_for(auditor).get(f"{reverse('home:audit_list')}?{query}")
    assert answer.status_code == 400
    assert query.split("=")[0] in answer.content.decode()
