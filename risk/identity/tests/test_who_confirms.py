"""Each single thing that keeps somebody from confirming a change of identity: asked of one change and of the list."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clients.file.services import co_manager_add
from clients.file.tests.factories import ClientFactory
from crm.kernel.access.checks import may
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.tests.support.people import cast_member, make_person
from risk.identity.models import IdentityChange
from risk.identity.policies import DECIDE, OWN_CLIENT, OWN_PROPOSAL, WITHDRAW
from risk.identity.services import identity_propose
from risk.reviews.tests.factories import make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(owner: Person) -> IdentityChange:
    """A new name that waits for a second person; a project binds the client."""
    client = ClientFactory(by=owner)
    make_project(client)
    client.refresh_from_db()
    return identity_propose(
        client=client,
        changes={"name": "福建榕江生态水务集团有限公司"},
        reason="登记机关核准名称变更，已在公示系统核对。",
        paper=SimpleUploadedFile("变更通知书.txt", "准予变更登记通知书".encode()),
        expected_version=client.version,
        by=owner,
    )


def why_not(change: IdentityChange, person: Person, action: str = DECIDE) -> str:
    """ "" for who may; else the reason. The list of what one may decide says the same."""
    person, row = Person.objects.get(pk=person.pk), IdentityChange.objects.get(pk=change.pk)
    answer = may(person, action, row)
    assert IdentityChange.objects.visible_to(person, action).filter(pk=row.pk).exists() is bool(answer)
    return "" if answer else str(answer.reason)


def proposed_it(change: IdentityChange, person: Person) -> None:
    IdentityChange.objects.filter(pk=change.pk).update(proposed_by=person)


def co_manages_the_client(change: IdentityChange, person: Person) -> None:
    co_manager_add(client=change.client, person=person, by=cast_member("owner"))


def investigates_a_deal(change: IdentityChange, person: Person) -> None:
    make_project(change.client, assistant=person)


@pytest.mark.parametrize(
    ("tie", "reason"),
    [(proposed_it, OWN_PROPOSAL), (co_manages_the_client, OWN_CLIENT), (investigates_a_deal, OWN_CLIENT)],
)
def test_each_tie_to_a_change_keeps_from_confirming_it(
    change: IdentityChange, tie: Callable[[IdentityChange, Person], None], reason: str
) -> None:
    person = make_person("季云舒", Role.DEPARTMENT_HEAD, Role.ACCOUNT_MANAGER, place="0010")
    assert why_not(change, person) == ""
    tie(change, person)
    assert why_not(change, person) == str(reason)


def test_a_head_confirms_for_the_own_department_only(change: IdentityChange, head: Person) -> None:
    beside = make_person("二部主管", Role.DEPARTMENT_HEAD, place="0020")
    assert why_not(change, head) == ""
    assert why_not(change, beside) and why_not(change, cast_member("final_approver"))


def test_only_who_proposed_withdraws(change: IdentityChange, owner: Person, head: Person) -> None:
    assert why_not(change, owner, WITHDRAW) == ""
    assert why_not(change, head, WITHDRAW)
