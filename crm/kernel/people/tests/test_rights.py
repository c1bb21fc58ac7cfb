"""Rights are a person's, hold for a time, and two powers never meet."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, RuleRefused
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Account, Department, Move, Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import account_with_rights
from crm.kernel.people.services import (
    account_create,
    account_reset,
    account_switch,
    api_key_create,
    department_create,
    department_move,
    move_confirm,
    person_deactivate,
    role_grant,
    role_revoke,
)
from crm.kernel.workdays import clock
from crm.tests.support.people import browser_for, department, make_account, make_person

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


ACTS_ON_ONE_PERSON = {
    "grant": lambda owner, by, _: role_grant(person=owner, role=Role.RISK_ASSESSOR, by=by[1]),
    "account": lambda owner, by, _: account_create(person=owner, login="second", password="Temporary-7", by=by[0]),
    "key": lambda _, by, account: api_key_create(account=account, name="own", by=by[0]),
    "reset": lambda _, by, account: account_reset(
        account=account, password="Temporary-7", expected_version=account.version, by=by[0]
    ),
    "open": lambda _, by, account: account_switch(
        account=account, is_active=True, expected_version=account.version, by=by[1]
    ),
}


@pytest.mark.parametrize("act", ACTS_ON_ONE_PERSON)
def test_a_role_and_a_way_in_of_one_person_are_given_one_after_the_other(
    owner: Person, system_admin: Person, security_admin: Person, act: str
) -> None:
    """Otherwise a key made at the moment of the grant would outlive it. The person is held first: nobody deadlocks."""
    account = owner.accounts.get()
    with CaptureQueriesContext(connection) as queries:
        ACTS_ON_ONE_PERSON[act](owner, (system_admin, security_admin), account)
    held = [query["sql"] for query in queries if "UPDATE" in query["sql"] and query["sql"].startswith("SELECT")]
    assert 'FROM "kernel_person"' in held[0]
    assert "FOR NO KEY UPDATE" in held[0]


def test_a_role_that_has_ended_is_not_ended_again(owner: Person, security_admin: Person) -> None:
    today = clock.today()
    grant = owner.role_grants.get()
    RoleGrant.objects.filter(pk=grant.pk).update(
        valid_from=today - timedelta(days=30), valid_until=today - timedelta(days=9)
    )
    browser = browser_for(security_admin)
    page = reverse("admin:kernel_rolegrant_delete", args=[grant.pk])
    assert page not in browser.get(reverse("admin:kernel_rolegrant_change", args=[grant.pk])).content.decode()
    assert browser.post(page, {"post": "yes"}).status_code == 403
    with pytest.raises(Conflict):
        role_revoke(grant=grant, by=security_admin)  # the row as an old page saw it
    assert RoleGrant.objects.get(pk=grant.pk).valid_until == today - timedelta(days=9)


def test_a_role_with_a_last_day_behind_us_or_for_who_left_is_refused_naming_the_reason(
    owner: Person, security_admin: Person
) -> None:
    with pytest.raises(RuleRefused) as refusal:
        role_grant(
            person=owner, role=Role.BACK_OFFICE, valid_until=clock.today() - timedelta(days=1), by=security_admin
        )
    assert refusal.value.field == "valid_until"
    Person.objects.filter(pk=owner.pk).update(is_active=False)
    with pytest.raises(RuleRefused) as refusal:
        role_grant(person=owner, role=Role.BACK_OFFICE, by=security_admin)
    assert refusal.value.field == "person"
    assert owner.role_grants.count() == 1


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


def test_a_moved_department_takes_its_subtree_along(system_admin: Person, security_admin: Person) -> None:
    one, two = department("0010"), department("0020")
    department_move(department=one, parent=two, expected_version=1, by=system_admin)
    move_confirm(move=Move.objects.get(), by=security_admin)
    one.refresh_from_db()
    assert one.path == "0001.0020.0010."
    with pytest.raises(RuleRefused):
        department_move(department=two, parent=one, expected_version=1, by=system_admin)


@pytest.mark.parametrize("code", ["00.1", "0 1", "."])
def test_a_code_with_a_dot_makes_no_department(system_admin: Person, code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        department_create(code=code, name="客户九部", parent=department("0001"), by=system_admin)
    assert refusal.value.field == "code"
    with pytest.raises(IntegrityError, match="kernel_department_code_is_one_word"), transaction.atomic():
        Department.objects.create(code=code, name="客户九部", parent=department("0001"))


def test_a_tree_grows_no_deeper_than_its_paths_hold(system_admin: Person) -> None:
    place = department("0001")
    for number in range(12):  # 5 + 12 * 9 characters; 7 are left
        place = department_create(code=f"D{number:07d}", name=f"{number}", parent=place, by=system_admin)
    with pytest.raises(RuleRefused) as refusal:
        department_create(code="E0000007", name="too deep", parent=place, by=system_admin)
    assert refusal.value.field == "parent"
    team = department_create(code="T1", name="team", parent=department("0010"), by=system_admin)
    with pytest.raises(RuleRefused) as refusal:  # the department would fit, its team would not
        department_move(department=team.parent, parent=place, expected_version=1, by=system_admin)
    assert refusal.value.field == "parent"
    team.refresh_from_db()
    assert team.path == "0001.0010.T1."
