"""Many tries at one moment, on connections of their own: no more passwords are looked at than the limit allows."""

from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from crm.kernel.audit.models import AuditEvent
from crm.kernel.people import throttle
from crm.kernel.people.models import LoginAttempt
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
