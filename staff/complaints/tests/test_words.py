"""Recording a complaint is no way to learn who is a client: the words are kept, and whose they are is told to few."""

from typing import Any

import pytest
from django.urls import reverse

from clients.file.models import Client
from clients.file.tests.factories import credit_code
from crm.kernel.access.errors import BadInput
from crm.kernel.people.models import Person
from crm.tests.support.people import api_for, browser_for, cast_member, make_person
from projects.deals.models import Project
from risk.reviews.tests.factories import make_client, make_project
from staff.complaints.models import Complaint
from staff.complaints.tests.factories import FACTS, assigned, recorded

pytestmark = pytest.mark.django_db
URL = "/api/v1/complaints/"


@pytest.fixture
def client(owner: Person) -> Client:
    return make_client(owner)


@pytest.fixture
def project(client: Client) -> Project:
    return make_project(client)


def told(person: Person, code: str, name: str) -> tuple[Complaint, dict[str, Any], str]:
    """What recording with these words tells `person`: the row, the API's answer and the page, without the words."""
    api = api_for(person)
    facts = {**FACTS, "complainant_phone": f"137{Complaint.objects.count():08d}", "channel": "hotline"}
    answer = api.post(URL, {**facts, "client_code": code, "project_name": name}, format="json")
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body.pop("client_code"), body.pop("project_name")) == (code, name)
    row = Complaint.objects.get(pk=body["id"])
    assert api.get(f"{URL}{row.pk}/").json()["client"] == body["client"]
    page = browser_for(person).get(reverse("staff:complaint_detail", args=[row.pk])).content.decode()
    own = {"id", "number", "received_at", "acknowledge_by"}
    return row, {key: value for key, value in body.items() if key not in own}, page


def test_recording_tells_alike_for_a_foreign_client_its_deal_and_nobody(
    stranger: Person, client: Client, project: Project
) -> None:
    code = client.credit_code or ""
    hers, answer, page = told(stranger, code, project.name)
    deals, *_same = told(stranger, code, "没有这个项目")
    none, other, _page = told(stranger, credit_code(), project.name)
    assert answer == other
    assert (answer["client"], answer["client_name"], answer["project"]) == (None, None, None)
    # Tied to its file all the same: the rules of class and recusal read it.
    assert [(row.client, row.project) for row in (hers, deals, none)] == [
        (client, project), (client, None), (None, None)
    ]  # fmt: skip
    assert {row.department for row in (hers, deals, none)} == {None}
    assert code in page
    assert client.name not in page
    browser = browser_for(stranger)
    for address in ("staff:complaint_board", "staff:complaint_list"):
        assert client.name not in browser.get(reverse(address)).content.decode()


def test_a_head_does_not_get_to_steer_by_naming_somebody_elses_client(client: Client) -> None:
    head = make_person("蒋敏", "department_head", place="0020")
    rows = [told(head, code, "")[0] for code in (client.credit_code or "", credit_code())]
    api = api_for(head)
    for row in rows:
        body = {"person": cast_member("stranger").pk}
        answer = api.post(f"{URL}{row.pk}/assign/", body, format="json", headers={"If-Match": f'"{row.version}"'})
        assert answer.status_code == 403


def test_who_sees_the_client_or_works_on_the_complaint_is_told_whose_it_is(
    owner: Person, colleague: Person, complaints_officer: Person, final_approver: Person, auditor: Person,
    client: Client, project: Project
) -> None:  # fmt: skip
    row = assigned(colleague, client_code=client.credit_code, project_name=project.name)
    for person in (colleague, complaints_officer, auditor):
        found = api_for(person).get(f"{URL}{row.pk}/").json()
        assert (found["client"], found["client_name"], found["project"]) == (client.pk, client.name, project.pk)
    mine = told(owner, client.credit_code or "", project.name)
    assert mine[1]["client_name"] == client.name
    assert mine[0].department == owner.department


def test_the_admin_shows_the_words_only(stranger: Person, client: Client, project: Project) -> None:
    row = recorded(by=stranger, client_code=client.credit_code, project_name=project.name)
    page = browser_for(stranger).get(reverse("admin:staff_complaint_change", args=[row.pk])).content.decode()
    assert (client.credit_code or "") in page
    assert client.name not in page


def test_who_works_with_the_client_hears_of_a_mistyped_project(owner: Person, client: Client) -> None:
    with pytest.raises(BadInput) as refusal:
        recorded(by=owner, client_code=client.credit_code, project_name="没有这个项目")
    assert set(refusal.value.errors) == {"project_name"}
    assert not Complaint.objects.exists()
