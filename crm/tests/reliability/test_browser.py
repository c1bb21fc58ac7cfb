"""The browser's watch can fail: what it must notice, it notices."""

from types import SimpleNamespace

import pytest

from crm.tests.support.browser import Watch, chromium_path


def watched(**what):
    watch = Watch("http://localhost:1")
    watch._request(SimpleNamespace(url=what.get("url", "http://localhost:1/")))
    watch._response(SimpleNamespace(url="/", status=what.get("status", 200)))
    watch._console(SimpleNamespace(text=what.get("console", "")))
    return watch.problems


def test_a_good_page_passes():
    assert watched() == []
    assert watched(status=404) == []


@pytest.mark.parametrize(
    "what",
    [
        {"url": "https://cdn.example/a.js"},
        {"status": 500},
        {"console": "Refused to apply inline style because it violates the Content Security Policy"},
    ],
)
def test_a_request_outside_a_server_error_and_a_policy_violation_are_noticed(what):
    assert len(watched(**what)) == 1


@pytest.mark.django_db(transaction=True)
def test_the_login_page_opens_in_a_real_browser(page):
    """Also the proof that a browser ran at all: under CI=true a missing Chromium fails here."""
    assert chromium_path()
    answer = page.goto("/login/")
    assert answer.status == 200
    assert page.locator("input[type=password]").count() == 1
