"""Promises of every list and of every form for a new row, over all routes: a new module's pages are held without a test
of their own."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.test import Client as Browser

from crm.kernel.web.views import KernelCreateView, KernelListView
from crm.tests.assurance.routes import Route, walk
from crm.tests.support.people import browser_for, cast_member

pytestmark = pytest.mark.django_db

BAD_PAGES = ("-1", "0", "x", "1.5", "99999", "9" * 40)
BAD_ORDERINGS = ("no_such_column", "-password", "?")
BROKEN_TEXTS = {"nul": "a\x00b", "surrogate": "a\ud800b", "megabyte": "长" * 350_000}


def routes_of(base: type) -> list[Route]:
    """The routes without parameters whose view is a `base`."""
    views = ((route, getattr(route.callback, "view_class", None)) for route in walk() if not route.parameters)
    return [route for route, view in views if view is not None and issubclass(view, base)]


PARTS = ("owner", "head", "auditor", "finance", "committee_secretary")


@pytest.fixture
def browsers(db: None) -> list[Browser]:
    """People of several roles: no single one opens every page."""
    return [browser_for(cast_member(part)) for part in PARTS]


def opened(browsers: list[Browser], base: type) -> list[tuple[Route, Browser]]:
    """The routes of `base`, each with the first of the browsers that it opens for."""
    found = {route: [one for one in browsers if one.get(route.url()).status_code == 200] for route in routes_of(base)}
    assert [route.name for route, able in found.items() if not able] == []
    return [(route, able[0]) for route, able in found.items()]


def test_every_list_draws_its_body_alone_for_htmx_and_helps_while_it_is_empty(browsers: list[Browser]) -> None:
    lists = opened(browsers, KernelListView)
    assert len(lists) >= 10
    for route, browser in lists:
        assert "<html" not in browser.get(route.url(), HTTP_HX_REQUEST="true").content.decode(), route.name


def test_every_list_is_a_file_too(browsers: list[Browser]) -> None:
    for route, browser in opened(browsers, KernelListView):
        is_board = route.callback.view_class.table_class is None
        for kind in ("csv", "xlsx"):
            answer = browser.get(route.url(), {"format": kind, "purpose": "季度核对"})
            assert answer.status_code == (400 if is_board else 200), route.name
            assert is_board or answer.headers["Content-Disposition"].startswith("attachment"), route.name
        assert browser.get(route.url(), {"format": "exe", "purpose": "季度核对"}).status_code == 400, route.name


def test_every_list_refuses_what_it_does_not_know(browsers: list[Browser]) -> None:
    for route, browser in opened(browsers, KernelListView):
        refused = browser.get(route.url(), {"no_such_filter": "1"})
        assert refused.status_code == 400 and "no_such_filter" in refused.content.decode(), route.name
        for name, values in (("page", BAD_PAGES), ("ordering", BAD_ORDERINGS)):
            found = {value: browser.get(route.url(), {name: value}).status_code for value in values}
            assert set(found.values()) == {400}, (route.name, found)


def test_every_list_and_every_form_sends_a_visitor_to_the_login(browsers: list[Browser]) -> None:
    for route in (*routes_of(KernelListView), *routes_of(KernelCreateView)):
        answer = Browser().get(route.url())
        assert answer.status_code == 302 and "/login/" in answer.headers["Location"], route.name


def text_field(form: Any) -> str:
    """A field of the form that takes any words; "" for a form of choices and files."""
    return next((name for name, field in form.fields.items() if type(field) is forms.CharField), "")


@pytest.mark.parametrize("broken", BROKEN_TEXTS)
def test_every_form_for_a_new_row_opens_and_refuses_what_nobody_types(browsers: list[Browser], broken: str) -> None:
    pages = opened(browsers, KernelCreateView)
    assert len(pages) >= 4
    for route, browser in pages:
        page = browser.get(route.url())
        model = route.callback.view_class.model
        before = model.objects.count()
        form = page.context["form"]
        typed = {text_field(form) or next(iter(form.fields)): BROKEN_TEXTS[broken]}
        body = urlencode(typed, errors="surrogatepass")
        for sent in (body, ""):
            answer = browser.post(route.url(), sent, content_type="application/x-www-form-urlencoded")
            assert 400 <= answer.status_code < 500, (route.name, sent[:40])
        assert model.objects.count() == before, route.name


def test_what_was_typed_survives_a_refusal_of_every_form(browsers: list[Browser]) -> None:
    for route, browser in opened(browsers, KernelCreateView):
        if not (name := text_field(browser.get(route.url()).context["form"])):
            continue
        assert "留住这句话" in browser.post(route.url(), {name: "留住这句话"}).content.decode(), route.name
