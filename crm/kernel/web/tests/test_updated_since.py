"""`updated_since`: another system asks what changed since it last asked."""

from datetime import timedelta
from typing import Any

import pytest

from clients.file.models import Client
from clients.file.services import client_update
from clients.file.tests.factories import ClientFactory, ContactFactory
from clients.standing.services import standing_record
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.audit.services import record_read
from crm.kernel.people.models import Person
from crm.kernel.web.api import KernelListSet
from crm.kernel.web.changes import updated_since
from crm.kernel.workdays import clock
from crm.tests.assurance.routes import walk
from crm.tests.support.people import api_for

pytestmark = pytest.mark.django_db
# Tables of the release: they are read whole, what the release brought has no event of its own.
OF_THE_RELEASE = frozenset({"clients.industry", "clients.region", "kernel.calendarday", "kernel.parameterversion"})


def changed(person: Person, since: Any) -> list[int]:
    answer = api_for(person).get("/api/v1/clients/", {"updated_since": since.isoformat()})
    assert answer.status_code == 200, answer.content.decode()
    return [row["id"] for row in answer.json()["results"]]


def test_what_was_made_or_changed_since_then_is_there_and_nothing_else(owner: Person) -> None:
    first, second, third = ClientFactory.create_batch(3)
    long_ago = clock.now() - timedelta(days=30)
    assert set(changed(owner, long_ago)) == {first.pk, second.pk, third.pk}
    then = clock.now()
    assert changed(owner, then) == []
    client_update(client=second, changes={"size": "medium"}, expected_version=second.version, by=owner)
    values = {"grade": "A", "grade_until": clock.today()}
    standing_record(client=third, values=values, source="test", as_of=clock.today(), by=SYSTEM)
    assert set(changed(owner, then)) == {second.pk, third.pk}


def test_who_only_read_or_was_refused_changed_nothing(owner: Person, stranger: Person) -> None:
    client = ClientFactory()
    contact = ContactFactory(client=client, by=owner)
    then = clock.now()
    record_read("personal.revealed", subject=client, by=owner, purpose="核对联系人")
    refused = api_for(stranger).patch(
        f"/api/v1/clients/{client.pk}/", {"name": "乙"}, format="json", HTTP_IF_MATCH='"1"'
    )
    assert refused.status_code == 404 and AuditEvent.objects.filter(subject_id=client.pk, at__gte=then).exists()
    assert changed(owner, then) == [] and contact.pk


def test_nobody_learns_of_a_change_that_he_may_not_see(stranger: Person) -> None:
    ClientFactory()
    assert changed(stranger, clock.now() - timedelta(days=1)) == []


@pytest.mark.parametrize("text", ["gestern", "2026-12-01", "2026-12-01T08:00:00", "2026-02-30T08:00:00Z", "0"])
def test_a_moment_without_its_offset_is_refused_by_name(owner: Person, text: str) -> None:
    answer = api_for(owner).get("/api/v1/clients/", {"updated_since": text})
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == "updated_since"


def test_every_row_of_every_list_has_changed_since_the_beginning(demo: None) -> None:
    beginning = clock.now() - timedelta(days=365 * 30)
    views = {view.model: view for route in walk() if issubclass(view := _class(route), KernelListSet)}
    assert Client in views and len(views) > 10
    silent = {}
    for model, view in views.items():
        if model._meta.label_lower not in OF_THE_RELEASE:
            rows = model._default_manager.all()
            found = [row.pk for row in updated_since(rows, beginning, view=view)]
            silent[model._meta.label] = list(rows.exclude(pk__in=found).values_list("pk")[:3])
    assert {label: rows for label, rows in silent.items() if rows} == {}


def _class(route: Any) -> Any:
    return getattr(route.callback, "cls", None) or object
