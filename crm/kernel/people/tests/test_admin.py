"""The administrators' pages: they keep people, accounts, roles and keys through services, and nothing else."""

from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.admin import RoleGrantForm
from crm.kernel.people.models import Account, ApiKey, Department, Move, Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.tests.support.people import PASSWORD, api_for, browser_for, cast_member, department, make_person

pytestmark = pytest.mark.django_db


def post(person: Person, name: str, data: dict[str, Any], *args: object) -> Any:
    return browser_for(person).post(reverse(f"admin:kernel_{name}", args=args), data)


def reset(person: Person, account: Account, password: str = "", *, is_active: bool = True) -> Any:
    """The form of an account as its page would send it now."""
    seen = Account.objects.get(pk=account.pk).version
    data = {"password": password, "expected_version": seen} | ({"is_active": "on"} if is_active else {})
    return post(person, "account_change", data, account.pk)


def test_an_empty_house_is_filled_from_the_admin_site(system_admin: Person, security_admin: Person) -> None:
    post(system_admin, "department_add", {"code": "0077", "name": "客户七部", "parent": department("0001").pk})
    place = Department.objects.get(code="0077")
    assert place.path == "0001.0077."
    post(system_admin, "person_add", {"name": "白若曦", "employee_no": "N1", "department": place.pk, "post": ""})
    newcomer = Person.objects.get(employee_no="N1")
    post(system_admin, "account_add", {"person": newcomer.pk, "login": "BaiRuoxi", "password": "Temporary-1"})
    account = Account.objects.get(login="bairuoxi")
    assert account.must_change_password
    assert account.check_password("Temporary-1")
    grant = {"person": newcomer.pk, "role": Role.ACCOUNT_MANAGER, "authority_level": 0, "valid_until": ""}
    post(security_admin, "rolegrant_add", grant)
    assert Person.objects.get(pk=newcomer.pk).has_role(Role.ACCOUNT_MANAGER)


def test_a_refused_grant_keeps_the_input_and_says_why(owner: Person, security_admin: Person) -> None:
    data = {"person": owner.pk, "role": Role.SYSTEM_ADMIN, "authority_level": 0, "valid_until": ""}
    answer = post(security_admin, "rolegrant_add", data)
    assert answer.status_code == 422
    assert f'<option value="{owner.pk}" selected>' in answer.content.decode()
    assert not RoleGrant.objects.filter(person=owner, role=Role.SYSTEM_ADMIN).exists()


@pytest.mark.parametrize("page", ["person_add", "account_add", "department_add", "rolegrant_add", "apikey_add"])
def test_nobody_else_adds_anything(owner: Person, head: Person, auditor: Person, page: str) -> None:
    for person in (owner, head, auditor):
        assert post(person, page, {}).status_code == 403


def test_the_two_administrators_keep_to_their_own_side(system_admin: Person, security_admin: Person) -> None:
    assert post(system_admin, "rolegrant_add", {}).status_code == 403
    assert post(security_admin, "person_add", {}).status_code == 403


def test_who_leaves_is_closed_from_the_admin_site(owner: Person, system_admin: Person) -> None:
    data = {
        "name": owner.name,
        "department": owner.department_id,
        "post": "",
        "expected_version": owner.version,
        "leaves": "on",
        "reason": "离职",
    }
    post(system_admin, "person_change", data, owner.pk)
    assert not Person.objects.get(pk=owner.pk).is_active
    assert not owner.accounts.filter(is_active=True).exists()


@pytest.mark.parametrize(("version", "status"), [(0, 412), ("", 428), ("x", 200)])
@pytest.mark.parametrize("extra", [{}, {"leaves": "on", "reason": "离职"}])
def test_a_person_changes_or_leaves_only_from_the_version_that_was_seen(
    owner: Person, system_admin: Person, version: object, status: int, extra: dict[str, str]
) -> None:
    data = {"name": "林晓", "department": owner.department_id, "post": "", "expected_version": version, **extra}
    assert post(system_admin, "person_change", data, owner.pk).status_code == status
    kept = Person.objects.get(pk=owner.pk)
    assert (kept.name, kept.is_active, kept.version) == (owner.name, True, owner.version)
    assert owner.accounts.get().is_active


@pytest.mark.parametrize(("version", "status"), [(0, 412), ("", 428), (1, 302)])
def test_a_department_moves_only_from_the_version_that_was_seen(
    system_admin: Person, version: object, status: int
) -> None:
    one, two = department("0010"), department("0020")
    data = {"parent": two.pk, "expected_version": version}
    assert post(system_admin, "department_change", data, one.pk).status_code == status
    assert Move.objects.filter(department=one, target=two).exists() is (status == 302)


@pytest.mark.parametrize(("sent", "status"), [({"is_active": "on"}, 403), ({"password": "Temporary-9"}, 412)])
def test_an_account_that_was_closed_meanwhile_is_not_opened_by_an_old_page(
    owner: Person, system_admin: Person, second_system_admin: Person, sent: dict[str, str], status: int
) -> None:
    account = owner.accounts.get()
    assert reset(second_system_admin, account, is_active=False).status_code == 302
    answer = post(system_admin, "account_change", {**sent, "expected_version": account.version}, account.pk)
    assert answer.status_code == status
    account.refresh_from_db()
    assert not account.is_active
    assert not account.has_usable_password()


def test_a_reset_password_asks_for_a_new_one(owner: Person, system_admin: Person) -> None:
    account = owner.accounts.get()
    reset(system_admin, account, "Temporary-2")
    account.refresh_from_db()
    assert account.must_change_password
    assert account.check_password("Temporary-2")
    assert not account.check_password(PASSWORD)


def test_a_key_is_shown_once_and_revoked_by_deleting(owner: Person, system_admin: Person) -> None:
    browser = browser_for(system_admin)
    data = {"account": owner.accounts.get().pk, "name": "核心系统"}
    page = browser.post(reverse("admin:kernel_apikey_add"), data, follow=True)
    assert "sk_" in page.content.decode()
    key = ApiKey.objects.get(name="核心系统")
    browser.post(reverse("admin:kernel_apikey_delete", args=[key.pk]), {"post": "yes"})
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_a_revoked_key_opens_nothing(owner: Person, system_admin: Person) -> None:
    api = api_for(owner)
    assert api.get("/api/v1/clients/").status_code == 200
    key = ApiKey.objects.get(account__person=owner)
    browser_for(system_admin).post(reverse("admin:kernel_apikey_delete", args=[key.pk]), {"post": "yes"})
    assert api.get("/api/v1/clients/").status_code == 401


def test_a_person_who_left_has_no_form(system_admin: Person) -> None:
    gone = make_person("伍迟")
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    assert post(system_admin, "person_change", {}, gone.pk).status_code == 403


def test_a_system_administrator_alone_cannot_become_a_reviewer(initial_reviewer: Person, system_admin: Person) -> None:
    account = initial_reviewer.accounts.get()
    post(system_admin, "apikey_add", {"account": account.pk, "name": "own"})
    assert not ApiKey.objects.filter(account=account).exists()
    post(system_admin, "account_add", {"person": initial_reviewer.pk, "login": "second", "password": "Temporary-3"})
    assert not Account.objects.get(login="second").is_active
    reset(system_admin, account, "Temporary-4")
    account.refresh_from_db()
    assert not account.is_active
    reset(system_admin, account)
    account.refresh_from_db()
    assert not account.is_active


@pytest.mark.parametrize("part", ["finance", "complaints_officer"])
def test_a_system_administrator_alone_becomes_neither_who_corrects_pay_nor_who_reads_complainants(
    part: str, system_admin: Person, security_admin: Person
) -> None:
    account = cast_member(part).accounts.get()
    post(system_admin, "apikey_add", {"account": account.pk, "name": "own"})
    assert not ApiKey.objects.filter(account=account).exists()
    reset(system_admin, account, "Temporary-4")
    reset(system_admin, account)
    assert not Account.objects.get(pk=account.pk).is_active
    reset(security_admin, account)
    assert Account.objects.get(pk=account.pk).is_active


def test_the_security_administrator_opens_what_was_reset(
    initial_reviewer: Person, system_admin: Person, security_admin: Person
) -> None:
    account = initial_reviewer.accounts.get()
    reset(system_admin, account, "Temporary-4")
    reset(security_admin, account)
    account.refresh_from_db()
    assert account.is_active
    assert account.must_change_password
    assert reset(security_admin, account, "Mine-12345").status_code == 403
    account.refresh_from_db()
    assert account.check_password("Temporary-4")


def test_a_trusted_role_ends_what_one_administrator_made_before_it(
    owner: Person, system_admin: Person, security_admin: Person
) -> None:
    post(system_admin, "apikey_add", {"account": owner.accounts.get().pk, "name": "own"})
    api, browser = api_for(owner), browser_for(owner)
    grant = {"person": owner.pk, "role": Role.INITIAL_REVIEWER, "authority_level": 0, "valid_until": ""}
    assert post(security_admin, "rolegrant_add", grant).status_code == 302
    account = owner.accounts.get()
    assert not account.is_active
    assert not account.has_usable_password()
    assert not ApiKey.objects.filter(account=account, revoked_at__isnull=True).exists()
    assert api.get("/api/v1/clients/").status_code == 401
    assert browser.get(reverse("person_picker")).status_code == 302
    closed = AuditEvent.objects.get(action="account.closed")
    ended = {"role": "initial_reviewer", "keys_ended": 2, "grants_ended": 0}
    assert (closed.subject_id, closed.data) == (str(account.pk), ended)
    assert AuditEvent.objects.filter(action="role.granted").latest("pk").data["accounts_closed"] == [account.login]
    # The one who made it does not open it again alone; two do.
    reset(system_admin, account, "Temporary-4", is_active=False)
    reset(system_admin, account)
    assert not owner.accounts.get().is_active
    reset(security_admin, account)
    assert owner.accounts.get().is_active


def test_an_account_opened_by_two_stays_open_when_a_further_role_comes(
    initial_reviewer: Person, security_admin: Person
) -> None:
    api = api_for(initial_reviewer)
    grant = {"person": initial_reviewer.pk, "role": Role.RISK_ASSESSOR, "authority_level": 0, "valid_until": ""}
    assert post(security_admin, "rolegrant_add", grant).status_code == 302
    assert initial_reviewer.accounts.get().check_password(PASSWORD)
    assert api.get("/api/v1/clients/").status_code == 200


def test_the_page_that_grants_a_role_says_what_it_closes(security_admin: Person) -> None:
    page = browser_for(security_admin).get(reverse("admin:kernel_rolegrant_add")).content.decode()
    with translation.override(security_admin.accounts.get().language):
        assert str(RoleGrantForm.base_fields["role"].help_text) in unescape(page)


def test_a_reset_ends_the_accounts_keys(owner: Person, system_admin: Person) -> None:
    api = api_for(owner)
    reset(system_admin, owner.accounts.get(), "Temporary-2")
    assert api.get("/api/v1/clients/").status_code == 401


@pytest.mark.parametrize(
    "address",
    [
        "clients/contact/?mobile__startswith=138",
        "clients/client/?identity_hash__startswith=a",
        "clients/client/?name__regex=.*",
        "kernel/account/?password__startswith=argon2",
        "kernel/apikey/?digest__startswith=a",
        "staff/kpiresult/?period__results__person__accounts__password__gte=argon2",
        "staff/kpiresult/?period__results__person__id__exact=7",
        "kernel/parameterversion/?parameter__versions__proposed_by__accounts__password__gte=a",
        "risk/rating/?status__exact=%00",
    ],
)
def test_a_list_answers_no_condition_it_does_not_offer(auditor: Person, address: str) -> None:
    assert browser_for(auditor).get(f"/admin/{address}").status_code == 400


def test_there_is_one_way_to_a_new_password(owner: Person) -> None:
    assert browser_for(owner).post("/admin/password_change/", {"old_password": PASSWORD}).status_code == 404


def test_the_admin_tells_nothing_by_its_shortcut_to_a_row(owner: Person) -> None:
    browser = browser_for(owner)
    assert browser.get("/admin/r/1/1/").status_code == browser.get("/admin/r/1/999999/").status_code == 404


def test_who_takes_something_away_comes_back_to_its_list(owner: Person, system_admin: Person) -> None:
    api_for(owner)
    answer = post(system_admin, "apikey_delete", {"post": "yes"}, ApiKey.objects.get().pk)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("admin:kernel_apikey_changelist"))
    assert ApiKey.objects.get().revoked_at is not None
