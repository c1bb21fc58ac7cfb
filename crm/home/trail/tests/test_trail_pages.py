"""The audit trail as pages: the auditor reads all, everybody else their own things' history, strangers nothing."""

import pytest
from django.urls import reverse

from clients.file.services import client_reassign
from clients.file.tests.factories import ClientFactory
from crm.home.trail import words
from crm.home.trail.names import Names
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.tests.support.people import browser_for, make_person
from projects.deals.tests.factories import ProjectFactory

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


def test_ids_are_names_for_who_may_see_them_and_ids_for_who_may_not(
    owner: Person, head: Person, stranger: Person, auditor: Person
) -> None:
    client = ClientFactory(owner=owner)
    project = ProjectFactory(client=client, by=owner)
    client_reassign(client=client, owner=stranger, expected_version=1, by=head)
    page = browser_for(stranger).get(reverse("home:subject_history", args=["clients.client", client.pk]))
    assert f"<s>{owner.name}</s> → {stranger.name}" in page.content.decode()
    filed = AuditEvent.objects.get(action="project.created", subject_id=str(project.pk))
    link = f'<a href="{client.get_absolute_url()}">{client.name}</a>'
    assert Names([filed], viewer=stranger).shown(filed, "client", client.pk, of_subject=True) == link
    outsider = make_person("局外人", Role.ACCOUNT_MANAGER, place="0020")
    assert Names([filed], viewer=outsider).shown(filed, "client", client.pk, of_subject=True) == str(client.pk)
    assert Names([filed], viewer=outsider).subject(filed) == project.name
    page = browser_for(auditor).get(reverse("home:audit_detail", args=[filed.pk]))
    assert f'<a href="{project.get_absolute_url()}">{project.name}</a>' in page.content.decode()
    assert link in page.content.decode()


def test_names_cost_a_query_a_model_however_many_rows(
    owner: Person, auditor: Person, django_assert_max_num_queries
) -> None:
    for client in ClientFactory.create_batch(5, owner=owner):
        ProjectFactory.create_batch(3, client=client, by=owner)
    events = list(AuditEvent.objects.all())
    with django_assert_max_num_queries(6):
        names = Names(events, viewer=auditor)
        assert [words.changes(event, names) + words.told(event, names) for event in events]


@pytest.mark.parametrize("query", ["page=-1", "colour=red", "outcome=maybe", "since=yesterday", "person=x"])
def test_a_wrong_condition_is_named(auditor: Person, query: str) -> None:
    answer = browser_for(auditor).get(f"{reverse('home:audit_list')}?{query}")
    assert answer.status_code == 400
    assert query.split("=")[0] in answer.content.decode()
