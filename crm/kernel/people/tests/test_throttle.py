"""Many tries at one moment, on connections of their own: no more passwords are looked at than the limit allows."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import ip_network
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.kernel.audit.models import AuditEvent
from crm.kernel.people import throttle
from crm.kernel.people.sign_ins import KnownPlace, LoginAttempt, Place
from crm.kernel.workdays import clock
from crm.tests.support.people import PASSWORD, cast_member

MANY = 16


def login_at_once(tries: list[dict[str, str]]) -> list[int]:
    """Each try in a thread of its own, all let go together; the statuses in order."""
    start = Barrier(len(tries))

    def one(given: dict[str, str]) -> int:
        data = {"username": given["login"], "password": given["password"]}
        try:
            start.wait(30)
            return Browser().post(reverse("login"), data, REMOTE_ADDR=given["address"]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(one, tries))


def refusals(reason: str) -> int:
    return AuditEvent.objects.filter(action="account.login_refused", reason=reason).count()


@pytest.mark.django_db(transaction=True)
def test_guesses_at_one_moment_pass_no_limit_and_shut_nobody_else_out() -> None:
    login = cast_member("owner").accounts.get().login
    guesses = [{"login": login, "password": f"guess {number}", "address": "10.9.9.9"} for number in range(MANY)]
    answers = login_at_once([*guesses, {"login": login, "password": PASSWORD, "address": "10.0.0.1"}])
    assert answers == [200] * MANY + [302]
    assert (refusals("invalid_login"), refusals("login_throttled")) == (5, MANY - 5)


@pytest.mark.django_db(transaction=True)
def test_an_address_has_one_budget_for_all_accounts_together(settings: Any) -> None:
    settings.LOGIN_TRIES_PER_ADDRESS = 6
    login_at_once([{"login": f"name{number}", "password": "guess", "address": "10.9.9.9"} for number in range(MANY)])
    assert (refusals("invalid_login"), refusals("login_throttled")) == (6, MANY - 6)


@pytest.mark.django_db
def test_one_host_of_ipv6_has_one_budget_however_many_addresses_it_takes() -> None:
    login = cast_member("owner").accounts.get().login
    for number in range(9):
        Browser().post(
            reverse("login"), {"username": login, "password": "guess"}, REMOTE_ADDR=f"2001:db8:7:1::{number:x}"
        )
    assert set(LoginAttempt.objects.values_list("address", flat=True)) == {"2001:db8:7:1::"}
    assert LoginAttempt.objects.count() == 5
    assert throttle.origin("::ffff:203.0.113.7") == "203.0.113.7"


@pytest.mark.django_db
def test_people_behind_a_trusted_proxy_do_not_share_its_address(settings: Any) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]
    login = cast_member("owner").accounts.get().login

    def try_login(password: str, client: str) -> int:
        data, headers = {"username": login, "password": password}, {"X-Forwarded-For": client}
        return Browser().post(reverse("login"), data, REMOTE_ADDR="10.0.0.1", headers=headers).status_code

    for number in range(9):
        # What a client claims on the left buys it no further tries.
        assert try_login("guess", f"198.51.100.{number}, 203.0.113.66") == 200
    assert set(LoginAttempt.objects.values_list("address", flat=True)) == {"203.0.113.66"}
    assert LoginAttempt.objects.count() == 5
    assert try_login(PASSWORD, "203.0.113.7") == 302
    assert AuditEvent.objects.get(action="account.logged_in").ip == "203.0.113.7"


def guess_from(number: int) -> str:
    return f"198.{number // 256 % 256}.{number % 256}.7"


def passed_the_throttle() -> int:
    return refusals("invalid_login")


def try_login(login: str, password: str, address: str, browser: Browser | None = None) -> int:
    data = {"username": login, "password": password}
    return (browser or Browser()).post(reverse("login"), data, REMOTE_ADDR=address).status_code


@pytest.mark.django_db
def test_strangers_share_one_budget_for_an_account_however_many_addresses_they_use() -> None:
    login = cast_member("owner").accounts.get().login
    for number in range(80):
        assert try_login(login, f"guess {number}", guess_from(number)) == 200
    assert passed_the_throttle() == settings.LOGIN_TRIES_PER_ACCOUNT[Place.UNKNOWN]
    assert sum(settings.LOGIN_TRIES_PER_ACCOUNT.values()) <= 20


@pytest.mark.django_db
def test_a_login_that_nobody_has_is_refused_after_as_many_tries_and_costs_the_same_queries() -> None:
    login = cast_member("owner").accounts.get().login
    budget, asked = settings.LOGIN_TRIES_PER_ACCOUNT[Place.UNKNOWN], {}
    for name in (login, "nobody-here"):
        with CaptureQueriesContext(connection) as queries:
            for number in range(budget):
                try_login(name, "guess", guess_from(number))
        asked[name] = len(queries)
        for number in range(budget, budget + 5):
            try_login(name, "guess", guess_from(number))
    assert asked[login] == asked["nobody-here"]
    assert passed_the_throttle() == 2 * budget


@pytest.mark.django_db
def test_the_owner_signs_in_from_a_known_network_while_strangers_guess() -> None:
    login = cast_member("owner").accounts.get().login
    assert try_login(login, PASSWORD, "10.0.0.1") == 302
    for number in range(30):
        try_login(login, "guess", guess_from(number))
    assert try_login(login, PASSWORD, "172.16.0.9") == 200, "an unknown place has no tries left"
    assert try_login(login, PASSWORD, "10.0.0.44") == 302


@pytest.mark.django_db
def test_the_owner_signs_in_with_a_known_browser_while_strangers_and_neighbours_guess() -> None:
    login, own = cast_member("owner").accounts.get().login, Browser()
    assert try_login(login, PASSWORD, "10.0.0.1", own) == 302
    own.cookies.pop(settings.SESSION_COOKIE_NAME)
    for number in range(30):
        try_login(login, "guess", guess_from(number))
        try_login(login, "guess", "10.0.0.1")
    assert try_login(login, PASSWORD, "10.0.0.1") == 200, "the network has no tries left"
    assert try_login(login, PASSWORD, "172.16.0.9", own) == 302


@pytest.mark.django_db
def test_a_known_browser_has_a_bounded_budget_too_and_is_known_for_its_account_alone() -> None:
    owner, other = cast_member("owner").accounts.get().login, cast_member("colleague").accounts.get().login
    own = Browser()
    assert try_login(owner, PASSWORD, "10.0.0.1", own) == 302
    own.cookies.pop(settings.SESSION_COOKIE_NAME)
    for number in range(60):
        try_login(owner, "guess", guess_from(number), own)
    assert passed_the_throttle() == 15
    for number in range(60):
        try_login(other, "guess", guess_from(1000 + number), own)
    assert passed_the_throttle() == 15 + 10


@pytest.mark.django_db
def test_a_planted_token_is_replaced_at_the_login() -> None:
    login, own = cast_member("owner").accounts.get().login, Browser()
    own.cookies[settings.DEVICE_COOKIE_NAME] = "planted"
    assert try_login(login, PASSWORD, "10.0.0.1", own) == 302
    token = own.cookies[settings.DEVICE_COOKIE_NAME].value
    assert token != "planted"
    own.cookies.pop(settings.SESSION_COOKIE_NAME)
    assert try_login(login, PASSWORD, "10.0.0.1", own) == 302
    assert own.cookies[settings.DEVICE_COOKIE_NAME].value == token
    kept = [digest for row in KnownPlace.objects.all() for digest in (row.digest, row.kind)]
    assert token not in kept
    assert KnownPlace.objects.count() == 2


@pytest.mark.django_db
def test_a_true_login_clears_the_failures_of_its_own_account_at_its_own_address_alone() -> None:
    owner, other = cast_member("owner").accounts.get().login, cast_member("colleague").accounts.get().login
    for name, address in [(owner, "10.0.0.1"), (owner, "10.9.9.9"), (other, "10.0.0.1")]:
        for _ in range(2):
            try_login(name, "guess", address)
    assert try_login(owner, PASSWORD, "10.0.0.1") == 302
    left = Counter(LoginAttempt.objects.values_list("login", "address"))
    assert left == {(owner, "10.9.9.9"): 2, (other, "10.0.0.1"): 2}


@pytest.mark.django_db
def test_the_budget_of_an_account_comes_back_after_an_hour() -> None:
    login, now = cast_member("owner").accounts.get().login, clock.now()
    for number in range(12):
        try_login(login, "guess", guess_from(number))
    with clock.at(now + timedelta(minutes=59)):
        assert try_login(login, PASSWORD, "172.16.0.9") == 200
    with clock.at(now + timedelta(minutes=61)):
        assert try_login(login, PASSWORD, "172.16.0.9") == 302
