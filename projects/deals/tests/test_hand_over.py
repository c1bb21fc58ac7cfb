"""A client handed over takes its deals along: the new account manager works on them, the old one sees them no more."""

from typing import Any

import pytest

from clients.file.services import client_reassign
from clients.file.tests.factories import ClientFactory
from crm.kernel.access.errors import NotVisible
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.tests.support.people import api_for, browser_for, cast_member, make_person
from projects.deals import selectors, services
from projects.deals.models import Project
from projects.deals.tests.factories import DocumentFactory, ProjectFactory

pytestmark = pytest.mark.django_db
CASE = "SC-2026-0001"


@pytest.fixture
def handed(owner: Person, head: Person, stranger: Person, colleague: Person) -> Project:
    """A deal that 林晓雯 filed and 高翔宇 investigates, of a client that 马天放 of the other department keeps now."""
    client = ClientFactory(by=owner)
    project = ProjectFactory(client=client, by=owner, lead=colleague)
    DocumentFactory(project=project, by=owner)
    client_reassign(client=client, owner=stranger, expected_version=1, by=head)
    return Project.objects.get(pk=project.pk)


@pytest.mark.parametrize("part", ["owner", "head"])
def test_the_old_side_neither_sees_nor_changes_the_deal(handed: Project, part: str) -> None:
    person = cast_member(part)
    page, row = handed.get_absolute_url(), f"/api/v1/projects/{handed.pk}/"
    assert browser_for(person).get(page).status_code == 404
    assert browser_for(person).get(f"/documents/{handed.documents.get().pk}/").status_code == 404
    api = api_for(person)
    assert api.get(row).status_code == 404
    assert api.patch(row, {"name": "旧主办改名", "version": handed.version}, format="json").status_code == 404
    assert not selectors.project_list(viewer=person).exists()
    with pytest.raises(NotVisible):
        services.project_update(project=handed, expected_version=handed.version, by=person, name="旧主办改名")


def test_the_new_side_works_on_the_deal_and_its_head_sees_it(handed: Project, stranger: Person) -> None:
    services.project_update(project=handed, expected_version=handed.version, by=stranger, name="新主办改名")
    new_head = make_person("远方主管", Role.DEPARTMENT_HEAD, place="0020")
    assert list(selectors.project_list(viewer=new_head)) == [handed]
    assert browser_for(stranger).get(handed.get_absolute_url()).status_code == 200
    read = api_for(stranger).get(f"/api/v1/projects/{handed.pk}/").data
    assert (read["owner"], read["owner_name"]) == (stranger.pk, stranger.name)
    assert read["department"] == stranger.department_id


def test_an_investigator_stays_until_the_last_role_of_the_department_ends(handed: Project, colleague: Person) -> None:
    assert list(selectors.project_list(viewer=colleague)) == [handed]
    colleague.role_grants.all().delete()
    assert not selectors.project_list(viewer=Person.objects.get(pk=colleague.pk)).exists()


@pytest.mark.parametrize(("of", "count"), [("owner", 0), ("stranger", 1)])
def test_owner_and_department_of_a_list_are_the_clients(handed: Project, of: str, count: int, auditor: Person) -> None:
    keeper = cast_member(of)
    for sought in (f"owner={keeper.pk}", f"department={keeper.department_id}"):
        table = browser_for(auditor).get(f"/projects/?{sought}").context["table"]
        assert len(table.rows) == count
    shown = browser_for(auditor).get("/projects/").content.decode()
    assert "马天放" in shown
    assert "林晓雯" not in shown


def test_a_returned_deal_waits_for_whoever_keeps_the_client(owner: Person, head: Person, stranger: Person) -> None:
    client = ClientFactory(by=owner)
    project = ProjectFactory(client=client, by=owner)
    services.project_lock(project=project, case_number=CASE, by=owner)
    client_reassign(client=client, owner=stranger, expected_version=1, by=head)
    project = services.project_record_decision(project=project, outcome="returned", by=owner)
    assert (project.waiting_for, project.next_move) == ([stranger.name], [stranger.name])


def test_a_hand_over_after_a_return_moves_the_move_as_well(owner: Person, head: Person, stranger: Person) -> None:
    client: Any = ClientFactory(by=owner)
    project = ProjectFactory(client=client, by=owner)
    services.project_lock(project=project, case_number=CASE, by=owner)
    services.project_record_decision(project=project, outcome="returned", by=owner)
    client_reassign(client=client, owner=stranger, expected_version=1, by=head)
    assert api_for(stranger).get(f"/api/v1/projects/{project.pk}/").data["waiting_for"] == [stranger.name]
