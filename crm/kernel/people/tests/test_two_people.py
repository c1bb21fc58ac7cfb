"""What lets anybody see or do more takes two people, and whom it concerns hears of it. Closing is for good."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from clients.file.models import Client, ClientGrant
from clients.file.tests.factories import ClientFactory
from crm.kernel.access.errors import Conflict, NotPermitted, NotVisible, RuleRefused
from crm.kernel.access.grants import set_grants
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.relay import relay_due
from crm.kernel.people.models import Account, ApiKey, Move, Person
from crm.kernel.people.services import (
    account_reset,
    account_switch,
    api_key_confirm,
    api_key_create,
    department_move,
    move_confirm,
    move_refuse,
    person_deactivate,
    person_update,
)
from crm.kernel.people.sign_ins import KnownPlace
from crm.tests.support.people import PASSWORD, api_for, browser_for, department

pytestmark = pytest.mark.django_db

NEW = "Spring-2027-rain"


def count_clients(person: Person) -> int:
    return Client.objects.visible_to(Person.objects.get(pk=person.pk)).count()


def api_status(key: str) -> int:
    return Browser().get("/api/v1/clients/", headers={"Authorization": f"Bearer {key}"}).status_code


def move_to(person: Person, place: str, by: Person) -> None:
    row = Person.objects.get(pk=person.pk)
    person_update(
        person=row, name=row.name, department=department(place), post=None, expected_version=row.version, by=by
    )


def told(person: Person) -> list[str]:
    relay_due()
    return [notice.data["act"] for notice in Notice.objects.filter(recipient=person).order_by("pk")]


def test_a_key_of_one_administrator_opens_nothing_until_another_confirms_it(
    owner: Person, system_admin: Person, security_admin: Person
) -> None:
    key = api_key_create(account=owner.accounts.get(), name="核心系统", by=system_admin)
    row = ApiKey.objects.get()
    assert api_status(key) == 401
    for by in (system_admin, owner):
        with pytest.raises((NotPermitted, NotVisible)):
            api_key_confirm(key=row, by=by)
    page = reverse("admin:kernel_apikey_change", args=[row.pk])
    assert key not in browser_for(security_admin).get(page).content.decode()
    assert browser_for(security_admin).post(page, {"confirmed": "on"}).status_code == 302
    assert api_status(key) == 200
    with pytest.raises(Conflict):
        api_key_confirm(key=row, by=security_admin)
    assert told(owner) == ["api_key.created", "api_key.confirmed"]


@pytest.mark.parametrize("how", ["constraint", "no confirmer"])
def test_the_database_keeps_the_two_halves_of_a_key_apart(owner: Person, system_admin: Person, how: str) -> None:
    api_key_create(account=owner.accounts.get(), name="核心系统", by=system_admin)
    confirmed_by = system_admin if how == "constraint" else None
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.update(confirmed_by=confirmed_by, confirmed_at="2026-12-01T00:00Z")


def test_a_head_sees_no_more_clients_until_a_second_person_confirms_the_move(
    head: Person, stranger: Person, system_admin: Person, security_admin: Person
) -> None:
    ClientFactory(by=stranger)
    before = count_clients(head)
    move_to(head, "0001", by=system_admin)
    assert count_clients(head) == before
    move = Move.objects.get(person=head)
    for by in (system_admin, head):
        with pytest.raises((NotPermitted, NotVisible)):
            move_confirm(move=move, by=by)
    with pytest.raises(Conflict):
        move_to(head, "0030", by=system_admin)
    page = reverse("admin:kernel_move_change", args=[move.pk])
    assert browser_for(security_admin).post(page, {"verdict": "confirm"}).status_code == 302
    assert count_clients(head) == before + 1
    assert told(head) == ["person.moved"]
    with pytest.raises(Conflict):
        move_refuse(move=move, by=security_admin)


def test_a_refused_move_leaves_everything_where_it_was(
    head: Person, system_admin: Person, security_admin: Person
) -> None:
    move_to(head, "0001", by=system_admin)
    move_refuse(move=Move.objects.get(), by=security_admin)
    assert Person.objects.get(pk=head.pk).department == department("0010")
    assert AuditEvent.objects.filter(action="move.refused").exists()
    move_to(head, "0030", by=system_admin)
    assert Move.objects.filter(state="waiting").count() == 1


def test_a_department_moves_when_a_second_person_confirms_and_the_heads_hear_it(
    head: Person, stranger: Person, system_admin: Person, security_admin: Person
) -> None:
    ClientFactory(by=stranger)
    before = count_clients(head)
    moved = department("0020")
    department_move(department=moved, parent=department("0010"), expected_version=moved.version, by=system_admin)
    assert count_clients(head) == before
    move_confirm(move=Move.objects.get(), by=security_admin)
    assert count_clients(head) == before + 1
    assert told(head) == ["department.moved"]


def test_nobody_moves_themselves(system_admin: Person) -> None:
    with pytest.raises(RuleRefused) as refusal:
        move_to(system_admin, "0010", by=system_admin)
    assert refusal.value.code == "own_move"
    assert not Move.objects.exists()


def test_the_database_keeps_the_two_halves_of_a_move_apart(head: Person, system_admin: Person) -> None:
    move_to(head, "0001", by=system_admin)
    for by in (system_admin, head):
        with pytest.raises(IntegrityError), transaction.atomic():
            Move.objects.update(state="confirmed", decided_by=by, decided_at="2026-12-01T00:00Z")


def test_an_account_manager_s_account_is_reset_by_one_and_opened_by_another(
    owner: Person, system_admin: Person, security_admin: Person
) -> None:
    account = owner.accounts.get()
    account_reset(account=account, password="Temporary-4", expected_version=account.version, by=system_admin)
    account.refresh_from_db()
    assert not account.is_active
    with pytest.raises(NotPermitted):
        account_switch(account=account, is_active=True, expected_version=account.version, by=system_admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(opened_by=system_admin)
    account_switch(account=account, is_active=True, expected_version=account.version, by=security_admin)
    assert told(owner) == ["account.password_reset", "account.opened"]


def test_who_gets_a_role_hears_it(owner: Person, security_admin: Person) -> None:
    grant = {"person": owner.pk, "role": "back_office", "authority_level": 0, "valid_until": ""}
    browser_for(security_admin).post(reverse("admin:kernel_rolegrant_add"), grant)
    assert told(owner) == ["role.granted"]


@pytest.mark.parametrize("way", ["closed", "left"])
def test_closing_ends_sessions_keys_places_and_grants_for_good(
    owner: Person, stranger: Person, system_admin: Person, security_admin: Person, way: str
) -> None:
    account, api, browser = owner.accounts.get(), api_for(owner), Browser()
    browser.post(reverse("login"), {"username": account.login, "password": PASSWORD})
    client = ClientFactory(by=stranger)
    granted: dict[str, Any] = {"action": "view", "person_ids": [owner.pk], "source": "test", "reason": "协办"}
    set_grants(ClientGrant, client, by=SYSTEM, **granted)
    assert browser.get(reverse("person_picker")).status_code == 200
    if way == "closed":
        account_switch(account=account, is_active=False, expected_version=account.version, by=system_admin)
    else:
        person_deactivate(person=owner, reason="离职", expected_version=owner.version, by=system_admin)
        Person.objects.filter(pk=owner.pk).update(is_active=True)
    assert not KnownPlace.objects.exists()
    assert not ClientGrant.objects.exists()
    account.refresh_from_db()
    with pytest.raises(RuleRefused):
        account_switch(account=account, is_active=True, expected_version=account.version, by=security_admin)
    account = account_reset(account=account, password=NEW, expected_version=account.version, by=system_admin)
    account_switch(account=account, is_active=True, expected_version=account.version, by=security_admin)
    Account.objects.update(must_change_password=False)
    assert browser.get(reverse("person_picker")).status_code == 302
    assert api.get("/api/v1/clients/").status_code == 401
    form = {"username": account.login, "password": PASSWORD}
    assert Browser().post(reverse("login"), form).status_code == 200


def test_a_new_password_ends_other_sessions_and_every_key_that_is_not_kept(owner: Person) -> None:
    account, other, browser = owner.accounts.get(), browser_for(owner), browser_for(owner)
    ended, kept = (api_key_create(account=account, name=name, by=SYSTEM) for name in ("旧系统", "报表"))
    page = browser.get(reverse("password_change")).content.decode()
    assert "旧系统" in page
    form = {"old_password": PASSWORD, "new_password": NEW, "again": NEW}
    form["kept_keys"] = str(ApiKey.objects.get(name="报表").pk)
    assert browser.post(reverse("password_change"), form).status_code == 302
    assert [api_status(ended), api_status(kept)] == [401, 200]
    assert browser.get(reverse("person_picker")).status_code == 200
    assert other.get(reverse("person_picker")).status_code == 302
    assert AuditEvent.objects.get(action="account.password_changed").data["keys_ended"] == 1


def test_a_new_password_ends_all_keys_unless_told_otherwise_and_keeps_none_of_somebody_else(
    owner: Person, colleague: Person
) -> None:
    key = api_key_create(account=owner.accounts.get(), name="旧系统", by=SYSTEM)
    api_key_create(account=colleague.accounts.get(), name="报表", by=SYSTEM)
    form = {"old_password": PASSWORD, "new_password": NEW, "again": NEW}
    other = {**form, "kept_keys": str(ApiKey.objects.get(name="报表").pk)}
    assert browser_for(owner).post(reverse("password_change"), other).status_code == 422
    assert browser_for(owner).post(reverse("password_change"), form).status_code == 302
    assert api_status(key) == 401
    assert ApiKey.objects.get(name="报表").revoked_at is None


def test_a_new_password_forgets_the_other_browsers(owner: Person) -> None:
    login, here, elsewhere = owner.accounts.get().login, Browser(), Browser()
    for browser, address in ((elsewhere, "172.16.0.9"), (here, "10.0.0.1")):
        browser.post(reverse("login"), {"username": login, "password": PASSWORD}, REMOTE_ADDR=address)
    form = {"old_password": PASSWORD, "new_password": NEW, "again": NEW}
    assert KnownPlace.objects.count() == 4
    assert here.post(reverse("password_change"), form, REMOTE_ADDR="10.0.0.1").status_code == 302
    assert KnownPlace.objects.count() == 2
