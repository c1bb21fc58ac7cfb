"""The directory over REST: everybody is known to everybody, who holds which role is not."""

import pytest

from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.people.services import person_deactivate, role_grant
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, make_person

pytestmark = pytest.mark.django_db


def results(person: Person, path: str, **query: str) -> list[dict[str, object]]:
    answer = api_for(person).get(f"/api/v1/{path}/", query)
    assert answer.status_code == 200, answer.content.decode()
    return list(answer.json()["results"])


def test_another_system_reads_the_tree_and_who_works_where(owner: Person, stranger: Person) -> None:
    tree = {row["code"]: row["path"] for row in results(owner, "departments")}
    assert tree == {"0001": "0001.", "0010": "0001.0010.", "0020": "0001.0020."}
    assert [row["name"] for row in results(owner, "people", department="0020")] == [stranger.name]
    assert [row["name"] for row in results(owner, "people", department="0001", ordering="number")] == [
        owner.name,
        stranger.name,
    ]
    assert results(owner, "people", department="9999") == []


def test_people_who_left_stay_and_are_told_apart(owner: Person) -> None:
    gone = make_person("马天放", account=False)
    person_deactivate(person=gone, reason="离职", expected_version=gone.version, by=SYSTEM)
    found = {row["name"]: row["is_active"] for row in results(owner, "people")}
    assert found[owner.name] is True and found["马天放"] is False
    assert [row["name"] for row in results(owner, "people", is_active="false")] == ["马天放"]


def test_an_auditor_reads_who_holds_which_role_and_a_manager_only_his_own(owner: Person, auditor: Person) -> None:
    role_grant(person=owner, role=Role.MARKETING_DEVELOPER, valid_until=clock.today(), by=SYSTEM)
    seen = {(row["person_name"], row["role"]) for row in results(auditor, "role-grants")}
    own = {(owner.name, "account_manager"), (owner.name, "marketing_developer")}
    assert seen == own | {(auditor.name, "auditor")}
    assert {(row["person_name"], row["role"]) for row in results(owner, "role-grants")} == own
    later = clock.today().replace(year=clock.today().year + 1).isoformat()
    assert [row["role"] for row in results(owner, "role-grants", on=later)] == ["account_manager"]
