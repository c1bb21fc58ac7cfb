"""The way in: throttled without locking anybody out, idle sessions end, the first login asks for a new password."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from crm.kernel.access.errors import BadInput
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.kernel.people.services import account_reset, password_change
from crm.kernel.people.sign_ins import LoginAttempt
from crm.kernel.workdays import clock
from crm.tests.support.people import PASSWORD, api_for, browser_for

pytestmark = pytest.mark.django_db


def try_login(login: str, password: str, address: str = "10.0.0.1") -> int:
    return Browser().post(reverse("login"), {"username": login, "password": password}, REMOTE_ADDR=address).status_code


def test_five_failures_from_one_address_close_it_for_that_account_only(owner: Person, colleague: Person) -> None:
    login, other = owner.accounts.get().login, colleague.accounts.get().login
    for _ in range(5):
        assert try_login(login, "wrong") == 200
    assert try_login(login, PASSWORD) == 200, "the right password is refused while the address is throttled"
    assert try_login(other, PASSWORD) == 302


def test_a_strangers_tries_from_elsewhere_lock_nobody_out(owner: Person) -> None:
    login = owner.accounts.get().login
    for _ in range(20):
        try_login(login, "wrong", address="10.9.9.9")
    assert try_login(login, PASSWORD, address="10.0.0.1") == 302


def test_a_throttled_try_counts_no_further(owner: Person) -> None:
    login = owner.accounts.get().login
    for _ in range(9):
        try_login(login, "wrong")
    assert LoginAttempt.objects.filter(login=login).count() == 5


def test_a_session_ends_after_thirty_idle_minutes(owner: Person) -> None:
    browser = browser_for(owner)
    now = clock.now()
    with clock.at(now):
        assert browser.get(reverse("password_change")).status_code == 200
    with clock.at(now + timedelta(minutes=29)):
        assert browser.get(reverse("password_change")).status_code == 200
    with clock.at(now + timedelta(minutes=29 + 31)):
        assert browser.get(reverse("password_change")).status_code == 302


def test_a_session_ends_after_twelve_hours_however_busy(owner: Person) -> None:
    browser = browser_for(owner)
    start = clock.now()
    for minutes in range(0, 12 * 60, 20):
        with clock.at(start + timedelta(minutes=minutes)):
            assert browser.get(reverse("password_change")).status_code == 200
    with clock.at(start + timedelta(hours=12, minutes=1)):
        assert browser.get(reverse("password_change")).status_code == 302


def sign_outs() -> list[tuple[str, str, str]]:
    rows = AuditEvent.objects.filter(action="account.logged_out").order_by("pk")
    return [(row.data["reason"], row.door, row.account_name) for row in rows]


@pytest.mark.parametrize(("way_out", "door"), [("logout", "page"), ("admin:logout", "admin")])
def test_who_signs_out_is_in_the_trail(owner: Person, way_out: str, door: str) -> None:
    browser = browser_for(owner)
    browser.get(reverse("password_change"))
    browser.post(reverse(way_out))
    assert sign_outs() == [("self", door, owner.accounts.get().login)]
    browser.post(reverse(way_out))
    assert len(sign_outs()) == 1, "nobody signs out twice"


@pytest.mark.parametrize(("reason", "step", "steps"), [("idle", 31, 1), ("age", 20, 37)])
def test_the_end_of_a_session_is_in_the_trail_with_its_reason(
    owner: Person, reason: str, step: int, steps: int
) -> None:
    browser, start = browser_for(owner), clock.now()
    for number in range(steps + 1):
        with clock.at(start + timedelta(minutes=step * number)):
            browser.get(reverse("password_change"))
    assert sign_outs() == [(reason, "page", owner.accounts.get().login)]
    row = AuditEvent.objects.get(action="account.logged_out")
    assert (row.person_id, row.ip) == (owner.pk, "127.0.0.1")


def test_the_first_login_asks_for_a_new_password_before_anything_else(owner: Person) -> None:
    account = owner.accounts.get()
    account.must_change_password = True
    account.save()
    browser = browser_for(owner)
    assert browser.get(reverse("person_picker")).headers["Location"] == reverse("password_change")
    answer = browser.post(
        reverse("password_change"),
        {"old_password": PASSWORD, "new_password": "Spring-2027-rain", "again": "Spring-2027-rain"},
    )
    assert answer.status_code == 302
    assert browser.get(reverse("person_picker")).status_code == 200


@pytest.mark.parametrize("weak", ["short1A", "alllowercase", "1234567890", PASSWORD])
def test_a_weak_or_unchanged_password_is_refused_and_nothing_changes(owner: Person, weak: str) -> None:
    browser = browser_for(owner)
    answer = browser.post(reverse("password_change"), {"old_password": PASSWORD, "new_password": weak, "again": weak})
    assert answer.status_code == 400
    assert owner.accounts.get().check_password(PASSWORD)


def test_a_password_made_of_the_login_is_refused(owner: Person) -> None:
    browser, like = browser_for(owner), f"{owner.accounts.get().login.title()}-1"
    answer = browser.post(reverse("password_change"), {"old_password": PASSWORD, "new_password": like, "again": like})
    assert answer.status_code == 400
    assert owner.accounts.get().check_password(PASSWORD)


def test_the_present_password_is_guessed_no_further_than_at_the_login(owner: Person) -> None:
    browser, new = browser_for(owner), "Spring-2027-rain"

    def change(old: str) -> int:
        form = {"old_password": old, "new_password": new, "again": new}
        return browser.post(reverse("password_change"), form).status_code

    for number in range(settings.LOGIN_TRIES):
        assert change(f"Guess-{number}-long") == 422
    assert change(PASSWORD) == 422
    assert owner.accounts.get().check_password(PASSWORD)
    refused = AuditEvent.objects.filter(action="account.login_refused", subject_name=owner.accounts.get().login)
    assert refused.count() == settings.LOGIN_TRIES + 1


def test_a_change_that_was_on_its_way_does_not_undo_a_reset(owner: Person, system_admin: Person) -> None:
    on_its_way = owner.accounts.get()
    account_reset(account=owner.accounts.get(), password="Temporary-2", expected_version=1, by=system_admin)
    with pytest.raises(BadInput) as refusal:
        password_change(account=on_its_way, new_password="Spring-2027-rain", by=owner)
    assert refusal.value.field == "old_password"
    account = owner.accounts.get()
    assert (account.check_password("Temporary-2"), account.must_change_password) == (True, True)


def test_a_picker_tells_nobody_who_holds_which_trusted_role(owner: Person, security_admin: Person) -> None:
    browser = browser_for(owner)
    assert browser.get(reverse("person_picker"), {"role": "account_manager"}).status_code == 200
    for role in ("security_admin", "auditor", "final_approver"):
        assert browser.get(reverse("person_picker"), {"role": role}).status_code == 400


def test_a_key_of_a_closed_account_opens_nothing(owner: Person, system_admin: Person) -> None:
    api = api_for(owner)
    owner.accounts.update(is_active=False)
    answer = api.get("/api/v1/clients/")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_logins_and_refused_logins_are_in_the_trail(owner: Person) -> None:
    login = owner.accounts.get().login
    try_login(login, "wrong")
    try_login(login, PASSWORD)
    assert AuditEvent.objects.filter(action="account.login_refused", subject_name=login, outcome="refused").exists()
    assert AuditEvent.objects.filter(action="account.logged_in", person_id=owner.pk).exists()


def test_a_refused_page_of_the_admin_is_in_the_trail(owner: Person) -> None:
    assert browser_for(owner).get("/admin/kernel/rolegrant/add/").status_code == 403
    event = AuditEvent.objects.filter(action="request.refused").latest("pk")
    assert (event.person_id, event.data["status"]) == (owner.pk, 403)


def test_the_apis_pages_ask_who_is_there_like_any_other(client: Browser, owner: Person) -> None:
    assert client.get("/api/v1/schema/").status_code == 401
    assert client.get("/api/docs/").headers["Location"] == "/login/?next=/api/docs/"
    browser = browser_for(owner)
    assert [browser.get(page).status_code for page in ("/api/v1/schema/", "/api/docs/")] == [200, 200]


def test_a_password_is_changed_by_a_form_alone(owner: Person) -> None:
    assert browser_for(owner).put("/password/").status_code == 405


def test_a_login_typed_with_an_input_method_is_the_same_login(owner: Person) -> None:
    login = owner.accounts.get().login
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in login)
    assert try_login(f" {wide}\u200b ", PASSWORD) == 302
    for _try in range(settings.LOGIN_TRIES):
        try_login(wide, "wrong", address="10.9.9.9")
    assert try_login(login, PASSWORD, address="10.9.9.9") == 200, "the throttle counts it as the same login"
