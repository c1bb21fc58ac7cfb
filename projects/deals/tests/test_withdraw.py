"""A draft that the client no longer asks for ends with a reason, by who keeps the client; it may come back later."""

import pytest

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, PreconditionRequired, Stale
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.tests.support.people import api_for, browser_for
from projects.deals import services
from projects.deals.models import Project
from projects.deals.tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db
REASON = "客户改用自有资金，不再申请。"


@pytest.fixture
def draft(owner: Person) -> Project:
    return ProjectFactory(by=owner)


def withdraw(project: Project, by: Person, **more: object) -> Project:
    given = {"reason": REASON, "expected_version": project.version, **more}
    return services.project_withdraw(project=project, by=by, **given)


def test_a_draft_is_withdrawn_with_its_reason_on_record(draft: Project, owner: Person) -> None:
    ended = withdraw(draft, owner)
    assert (ended.status, ended.version) == ("withdrawn", draft.version + 1)
    assert AuditEvent.objects.get(action="project.withdrawn").reason == REASON
    services.project_update(project=ended, expected_version=ended.version, by=owner, name="改名后再报")


def test_only_who_keeps_the_client_withdraws_its_draft(draft: Project, assistant: Person, head: Person) -> None:
    for person in (assistant, head):
        with pytest.raises(NotPermitted):
            withdraw(draft, person)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"reason": "  "}, BadInput),
        ({"reason": "长" * 501}, BadInput),
        ({"reason": "a\x00b"}, BadInput),
        ({"expected_version": None}, PreconditionRequired),
        ({"expected_version": 7}, Stale),
    ],
)
def test_no_reason_or_another_version_ends_nothing(draft: Project, owner: Person, more: dict, error: type) -> None:
    with pytest.raises(error):
        withdraw(draft, owner, **more)
    draft.refresh_from_db()
    assert draft.status == "draft"


@pytest.mark.parametrize("state", ["in_review", "returned", "approved", "rejected", "withdrawn"])
def test_what_is_no_draft_is_not_withdrawn_as_one(draft: Project, owner: Person, state: str) -> None:
    project = services.project_lock(project=draft, case_number="SC-2026-0001", by=owner)
    if state != "in_review":
        project = services.project_record_decision(project=project, outcome=state, by=owner)
    with pytest.raises(Conflict):
        withdraw(project, owner)
    assert browser_for(owner).get(f"/projects/{project.pk}/withdraw/").status_code == 409


def test_the_button_asks_for_a_reason_first(draft: Project, owner: Person, assistant: Person) -> None:
    browser, address = browser_for(owner), f"/projects/{draft.pk}/withdraw/"
    assert address in browser.get(draft.get_absolute_url()).content.decode()
    assert address not in browser_for(assistant).get(draft.get_absolute_url()).content.decode()
    assert 'name="reason"' in browser.get(address).content.decode()
    assert browser.post(address, {"version": draft.version}).status_code == 422
    assert browser.post(address, {"version": draft.version, "reason": REASON}).status_code == 302
    page = browser.get(draft.get_absolute_url()).content.decode()
    assert address not in page
    draft.refresh_from_db()
    assert draft.status == "withdrawn"


def test_the_api_withdraws_a_draft(draft: Project, owner: Person, assistant: Person) -> None:
    address, body = f"/api/v1/projects/{draft.pk}/withdraw/", {"reason": REASON, "expected_version": draft.version}
    assert api_for(assistant).post(address, body, format="json").status_code == 403
    assert api_for(owner).post(address, {"reason": REASON}, format="json").status_code == 428
    answer = api_for(owner).post(address, body, format="json")
    assert (answer.status_code, answer.data["status"], answer["ETag"]) == (200, "withdrawn", '"2"')
