"""Every kind of page sends one and the same content security policy, and every cookie all of its flags.

Written out here by hand, never read from the settings: a line taken out of them must turn this red.
"""

import ast
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.tests.support.people import PASSWORD, api_for, browser_for, make_person

pytestmark = pytest.mark.django_db

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# What a browser is told about each cookie. Its life: until the browser closes, or in seconds.
COOKIES = {
    "sessionid": {"path": "/", "httponly": True, "samesite": "Lax", "domain": "", "max-age": ""},
    "csrftoken": {"path": "/", "httponly": True, "samesite": "Lax", "domain": "", "max-age": 31449600},
    "device": {"path": "/", "httponly": True, "samesite": "Lax", "domain": "", "max-age": 7776000},
}
PAGES = {
    "a page": "/",
    "the login": "/login/",
    "a list": "/clients/",
    "a form": "/clients/new/",
    "the admin": "/admin/",
    "a page of the admin": "/admin/kernel/person/",
    "the API": "/api/v1/clients/",
    "the API's refusal": "/api/v1/clients/999999/",
    "a page that is not there": "/nothing/here/",
    "a refused page": "/admin/kernel/rolegrant/add/",
    "a client that is not there": "/clients/999999/",
    "the health of the server": "/healthz",
}


def policy_of(answer: Any) -> set[str]:
    return {part.strip() for part in answer.headers["Content-Security-Policy"].split(";")}


@pytest.mark.parametrize("kind", PAGES)
def test_every_kind_of_page_sends_the_whole_policy_and_every_header(owner: Person, kind: str) -> None:
    for browser in (browser_for(owner), Browser(), api_for(owner)):
        answer = browser.get(PAGES[kind])
        assert policy_of(answer) == CSP
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def cookies_of_a_login() -> dict[str, Any]:
    """Of somebody with one account: the world of the access matrix gives its people several."""
    person = make_person("曹知礼", Role.ACCOUNT_MANAGER)
    browser = Browser()
    browser.get(reverse("login"))
    form = {"username": person.accounts.get().login, "password": PASSWORD}
    assert browser.post(reverse("login"), form, secure=True).status_code == 302
    return dict(browser.cookies)


def test_every_cookie_has_all_of_its_flags() -> None:
    found = cookies_of_a_login()
    assert set(found) == set(COOKIES)
    for name, flags in COOKIES.items():
        assert {flag: found[name][flag] for flag in flags} == flags, name


PRODUCTION = {
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "CSRF_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "DEVICE_COOKIE_NAME": "__Host-device",
    "LANGUAGE_COOKIE_SECURE": True,
}


def test_in_production_every_cookie_is_bound_to_https_and_this_host(settings: Any) -> None:
    tree = ast.parse((settings.BASE_DIR / "crm" / "settings" / "prod.py").read_text("utf-8"))
    shipped: dict[str, ast.expr] = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id in PRODUCTION
    }
    for name, value in shipped.items():
        setattr(settings, name, ast.literal_eval(value))
    assert {name: getattr(settings, name) for name in PRODUCTION} == PRODUCTION
    found = cookies_of_a_login()
    assert set(found) == {f"__Host-{name}" for name in COOKIES}
    for name, flags in COOKIES.items():
        cookie = found[f"__Host-{name}"]
        assert {flag: cookie[flag] for flag in flags} == flags, name
        assert cookie["secure"] is True, name
