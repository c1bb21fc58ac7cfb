"""The contact plan: what counts as contact, when the next is due, and the one to-do of an overdue client."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from clients.file.services import client_reassign
from clients.file.tests.factories import ClientFactory
from clients.relations.models import ContactPlan
from clients.relations.services import contact_plans_update
from clients.relations.services.contact_plan import CONTACT_TODO
from clients.relations.tests.factories import WORDS, visit
from clients.standing.services import standing_record
from crm.kernel.access.errors import NotPermitted
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import api_for, browser_for, cast_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(owner: Person) -> Any:
    """A client without interactions, registered today."""
    return ClientFactory(by=owner)


def todos(client: Any) -> list[Todo]:
    return list(Todo.objects.filter(kind=CONTACT_TODO, object_id=str(client.pk), done_at__isnull=True))


def later(days: int) -> Any:
    return clock.at(clock.now() + timedelta(days=days))


def test_the_interval_follows_the_grade_that_is_valid_and_counts_from_registration(kept: Any) -> None:
    contact_plans_update(by=SYSTEM)
    plan = ContactPlan.objects.get(client=kept)
    assert (plan.last_on, plan.every_days, plan.due_on) == (None, 90, clock.today() + timedelta(days=90))
    until = clock.today() + timedelta(days=10)
    grade = {"grade": "AA", "grade_until": until}
    standing_record(client=kept, values=grade, source="rating:1", as_of=clock.today(), by=SYSTEM)
    contact_plans_update(by=SYSTEM)
    plan.refresh_from_db()
    assert plan.every_days == 30
    with later(11):
        contact_plans_update(by=SYSTEM)
        plan.refresh_from_db()
        assert plan.every_days == 90


@pytest.mark.parametrize(
    ("facts", "counts"),
    [
        ({"kind": "visit"}, True),
        ({"kind": "online"}, True),
        ({"kind": "forum", "words": ""}, True),
        ({"kind": "email"}, False),
        ({"kind": "wechat"}, False),
        ({"kind": "call"}, False),
        ({"kind": "call", "minutes": 4}, False),
        ({"kind": "call", "minutes": 5}, True),
    ],
)
def test_what_counts_as_contact(kept: Any, facts: dict[str, Any], counts: bool) -> None:
    minutes = facts.pop("minutes", 0)
    begun = clock.now() - timedelta(hours=1)
    ended = {"ends_at": begun + timedelta(minutes=minutes)} if minutes else {}
    visit(kept, starts_at=begun, **ended, **facts)
    plan = ContactPlan.objects.get(client=kept)
    assert plan.last_on == (begun.astimezone(clock.SHANGHAI).date() if counts else None)


def test_an_overdue_client_is_one_to_do_of_its_manager_until_contact_is_recorded(kept: Any, owner: Person) -> None:
    visit(kept)
    contact_plans_update(by=SYSTEM)
    with later(90):
        contact_plans_update(by=SYSTEM)
        assert todos(kept) == []
    with later(91):
        first = contact_plans_update(by=SYSTEM)
        (todo,) = todos(kept)
        assert (todo.owner, first["overdue"]) == (owner, 1)
        assert todo.due_on == add_workdays(clock.today(), 5).date
        assert AuditEvent.objects.filter(action="client.contact_overdue", subject_id=str(kept.pk)).count() == 1
    with later(93):
        again = contact_plans_update(by=SYSTEM)
        assert again == {"clients": 0, "overdue": 0, "met": 0}
        assert [row.due_on for row in todos(kept)] == [todo.due_on]
        visit(kept, kind="email")
        assert len(todos(kept)) == 1, "an e-mail is no contact"
        visit(kept)
        assert todos(kept) == []
        todo.refresh_from_db()
        assert todo.outcome == "contacted"


def test_the_to_do_follows_the_client_to_its_next_manager(kept: Any, owner: Person) -> None:
    contact_plans_update(by=SYSTEM)
    head, colleague = cast_member("head"), cast_member("colleague")
    with later(91):
        contact_plans_update(by=SYSTEM)
        client_reassign(client=kept, owner=colleague, expected_version=kept.version, by=head)
        contact_plans_update(by=SYSTEM)
        assert [row.owner for row in todos(kept)] == [colleague]


def test_chunks_together_are_every_client_and_only_the_system_runs_them(owner: Person) -> None:
    clients = ClientFactory.create_batch(5, by=owner)
    assert contact_plans_update(by=SYSTEM, chunk=2)["clients"] == 5
    assert ContactPlan.objects.filter(client__in=clients).count() == 5
    with pytest.raises(NotPermitted):
        contact_plans_update(by=owner)


def test_list_panel_and_api_show_the_gap_and_the_list_finds_it(kept: Any, owner: Person) -> None:
    other = ClientFactory(by=owner)
    contact_plans_update(by=SYSTEM)
    with later(95):
        visit(other, words=WORDS)
        contact_plans_update(by=SYSTEM)
        page = browser_for(owner)
        listed = page.get(f"{reverse('clients:client_list')}?contact_overdue=true").content.decode()
        assert kept.name in listed and other.name not in listed and "5" in listed
        met = page.get(f"{reverse('clients:client_list')}?contact_overdue=false").content.decode()
        assert other.name in met and kept.name not in met
        panel = reverse("clients:interaction_panel", args=[kept.pk])
        said = page.get(panel, headers={"HX-Request": "true"}).content.decode()
        assert "联系逾期" in said and "联系计划" in said
        rows = api_for(owner).get("/api/v1/clients/?contact_overdue=true").json()["results"]
        due = ContactPlan.objects.get(client=kept).due_on.isoformat()
        assert [(row["id"], row["contact_due_on"]) for row in rows] == [(kept.pk, due)]
