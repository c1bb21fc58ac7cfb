"""Deals in the admin site are read by who may see them, and written by nobody."""

from typing import Any

import pytest

from crm.kernel.people.models import Person
from crm.tests.support.people import browser_for
from projects.deals.models import Project
from projects.deals.tests.factories import DocumentFactory

pytestmark = pytest.mark.django_db


def test_the_lists_and_rows_open_for_who_may_see_them(owner: Person, stranger: Person) -> None:
    document = DocumentFactory(title="榕江水厂可研终稿")
    for person, seen in ((owner, True), (stranger, False)):
        browser = browser_for(person)
        for path in ("project", "projectdocument"):
            text = browser.get(f"/admin/projects/{path}/").content.decode()
            assert (document.project.name in text or document.title in text) is seen
    page = browser_for(owner).get(f"/admin/projects/project/{document.project_id}/change/")
    assert page.status_code == 200
    assert 'name="amount"' not in page.content.decode()


@pytest.mark.parametrize(
    ("tail", "sent"),
    [
        ("add/", {"name": "x", "amount": "1"}),
        ("{pk}/change/", {"name": "x", "status": "approved"}),
        ("{pk}/delete/", {"post": "yes"}),
        ("", {"action": "delete_selected", "_selected_action": "{pk}"}),
    ],
)
def test_no_door_of_the_admin_writes(owner: Person, tail: str, sent: dict[str, Any]) -> None:
    project = DocumentFactory().project
    before = Project.objects.values().get()
    sent = {key: value.format(pk=project.pk) for key, value in sent.items()}
    browser_for(owner).post(f"/admin/projects/project/{tail.format(pk=project.pk)}", sent)
    assert Project.objects.values().get() == before
