"""Rights are a person's, hold for a time, and two powers never meet."""

import pytest

from crm.kernel.access.errors import NotPermitted, RuleRefused
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Account, Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import account_with_rights
from crm.kernel.people.services import department_move, person_deactivate, role_grant, role_revoke
from crm.testing.people import browser_for, department, make_account, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        (Role.ACCOUNT_MANAGER, Role.SYSTEM_ADMIN),
        (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
        (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
        (Role.AUDITOR, Role.ACCOUNT_MANAGER),
    ],
)
def test_two_powers_never_meet_in_one_person(held: str, wanted: str) -> None:
    person = make_person("段一鸣", held)
    with pytest.raises(RuleRefused) as refusal:
        role_grant(person=person, role=wanted, by=SYSTEM)
    assert refusal.value.code == "toxic_pair"
    assert not RoleGrant.objects.filter(person=person, role=wanted).exists()


def test_a_role_is_granted_by_the_security_administrator_alone(
    owner: Person, head: Person, system_admin: Person, security_admin: Person
) -> None:
    for by in (owner, head, system_admin):
        with pytest.raises(NotPermitted):
            role_grant(person=owner, role=Role.INITIAL_REVIEWER, by=by)
    role_grant(person=owner, role=Role.INITIAL_REVIEWER, by=security_admin)
    assert Person.objects.get(pk=owner.pk).has_role(Role.INITIAL_REVIEWER)


def test_nobody_grants_a_role_to_themselves(security_admin: Person) -> None:
    with pytest.raises(RuleRefused) as refusal:
        role_grant(person=security_admin, role=Role.SECURITY_ADMIN, by=security_admin)
    assert refusal.value.code in {"own_grant", "role_held"}


def test_a_revoked_role_is_gone_in_the_next_request(owner: Person, security_admin: Person) -> None:
    account = owner.accounts.get()
    grant = owner.role_grants.get()
    assert account_with_rights(pk=account.pk).person.has_role(Role.ACCOUNT_MANAGER)
    role_revoke(grant=grant, by=security_admin)
    assert not account_with_rights(pk=account.pk).person.roles


def test_the_account_comes_with_its_rights_in_one_query(owner: Person, django_assert_num_queries) -> None:
    account = owner.accounts.get()
    with django_assert_num_queries(1):
        loaded = account_with_rights(pk=account.pk)
        assert loaded.person.roles == {Role.ACCOUNT_MANAGER}
        assert loaded.person.department_path == "0001.0010."


def test_only_an_approver_has_a_level_and_needs_one(owner: Person) -> None:
    for role, level in ((Role.FINAL_APPROVER, 0), (Role.RISK_ASSESSOR, 2)):
        with pytest.raises(RuleRefused):
            role_grant(person=owner, role=role, authority_level=level, by=SYSTEM)


def test_who_leaves_is_out_at_once_through_every_account(owner: Person, system_admin: Person) -> None:
    make_account(owner)
    browser = browser_for(owner)
    person_deactivate(person=owner, reason="离职", expected_version=owner.version, by=system_admin)
    assert browser.get("/password/").status_code == 302
    assert not Account.objects.filter(person=owner, is_active=True).exists()


def test_a_moved_department_takes_its_subtree_along(system_admin: Person) -> None:
    one, two = department("0010"), department("0020")
    department_move(department=one, parent=two, expected_version=1, by=system_admin)
    one.refresh_from_db()
    assert one.path == "0001.0020.0010."
    with pytest.raises(RuleRefused):
        department_move(department=two, parent=one, expected_version=1, by=system_admin)
