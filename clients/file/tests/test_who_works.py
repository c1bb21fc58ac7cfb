"""Each act on a client, and who may do it: one line for each person, asked of the row and of the list of rows."""

import pytest

from clients.file.models import Client, ClientGrant
from clients.file.services import co_manager_add
from clients.file.tests.factories import ClientFactory
from crm.kernel.access.checks import may
from crm.kernel.access.grants import set_grants
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.tests.support.people import cast_member, make_person

pytestmark = pytest.mark.django_db
ACTS = ("view", "change", "correct", "reassign", "share", "reveal")


def acts_of(person: Person, client: Client) -> set[str]:
    """What the person may do; the list of rows says the same as the row."""
    person = Person.objects.get(pk=person.pk)
    listed = {act for act in ACTS if Client.objects.visible_to(person, act).filter(pk=client.pk).exists()}
    assert {act for act in ACTS if act in listed and may(person, act, client)} == listed
    return listed


@pytest.mark.parametrize(
    ("part", "acts"),
    [
        ("owner", {"view", "change", "correct", "share", "reveal"}),
        ("head", {"view", "reassign", "share", "reveal"}),
        ("steward", {"view", "correct"}),
        ("risk_assessor", {"view"}),
        ("auditor", {"view"}),
        ("colleague", set()),
        ("stranger", set()),
        ("initial_reviewer", set()),
        ("system_admin", set()),
    ],
)
def test_each_part_does_what_is_its_own(part: str, acts: set[str]) -> None:
    assert acts_of(cast_member(part), ClientFactory()) == acts


def test_a_co_manager_changes_and_reveals_but_shares_no_further() -> None:
    client, colleague = ClientFactory(), cast_member("colleague")
    co_manager_add(client=client, person=colleague, by=cast_member("owner"))
    assert acts_of(colleague, client) == {"view", "change", "correct", "reveal"}


def test_a_co_manager_without_a_role_of_the_department_has_lost_the_client() -> None:
    client, colleague = ClientFactory(), cast_member("colleague")
    co_manager_add(client=client, person=colleague, by=cast_member("owner"))
    RoleGrant.objects.filter(person=colleague).delete()
    assert acts_of(colleague, client) == set()


def test_an_owner_without_a_keeping_role_has_lost_the_client() -> None:
    client = ClientFactory()
    RoleGrant.objects.filter(person=client.owner).update(role=Role.INITIAL_REVIEWER)
    assert acts_of(client.owner, client) == set()


def test_a_head_of_another_department_does_nothing_and_one_above_does_what_the_head_does() -> None:
    beside, above = (make_person("主管", Role.DEPARTMENT_HEAD, place=place) for place in ("0020", "0001"))
    client = ClientFactory()
    assert acts_of(beside, client) == set()
    assert acts_of(above, client) == {"view", "reassign", "share", "reveal"}


def test_what_a_review_lets_somebody_see_ends_with_the_last_deciding_role() -> None:
    client, reviewer = ClientFactory(), cast_member("initial_reviewer")
    given = {"action": "view", "person_ids": [reviewer.pk], "reason": "审查", "by": SYSTEM}
    set_grants(ClientGrant, client, source="review:SC-2026-0001", **given)
    assert acts_of(reviewer, client) == {"view"}
    RoleGrant.objects.filter(person=reviewer).update(role=Role.BACK_OFFICE)
    assert acts_of(reviewer, client) == set()
