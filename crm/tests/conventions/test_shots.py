"""`make shots` leaves no page out: every route that answers a GET is pictured, or says why not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver

from tools.shots.pages import CLOSED, EXEMPT, EXEMPT_ADMIN, PAGES


def routes(resolver: Any, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Name with namespaces, and view, of every route."""
    for item in resolver.url_patterns:
        if isinstance(item, URLPattern):
            yield ":".join([*spaces, item.name or ""]), item.callback
        else:
            yield from routes(item, (*spaces, item.namespace) if item.namespace else spaces)


def answers_get(view: Any) -> bool:
    methods = getattr(getattr(view, "view_class", None), "http_method_names", None)
    return methods is None or "get" in methods


def pages() -> set[str]:
    """Routes of pages: without the API's, the nameless and those that only take a POST."""
    found = {name for name, view in routes(get_resolver()) if name.split(":")[-1] and answers_get(view)}
    return {name for name in found if name == "api:docs" or not name.startswith("api:")}


def is_exempt(name: str) -> bool:
    own = name.startswith("admin:") and name.endswith(tuple(EXEMPT_ADMIN))
    return own or name in EXEMPT or name.startswith(CLOSED)


def test_every_page_is_pictured_or_says_why_not() -> None:
    pictured = {page.route for page in PAGES}
    assert sorted(name for name in pages() - pictured if not is_exempt(name)) == []


def test_every_list_of_the_admin_is_pictured() -> None:
    lists = {name for name in pages() if name.endswith("_changelist") and not name.startswith(CLOSED)}
    assert lists <= {page.route for page in PAGES}


def test_no_picture_and_no_exemption_names_a_route_that_is_gone() -> None:
    known = pages() | {"web:gallery", "api:schema"}
    named = {page.route for page in PAGES if not page.route.startswith("/")} | set(EXEMPT)
    assert sorted(named - known - {"admin:catch_all"}) == []


def test_every_exemption_gives_a_reason() -> None:
    assert all(len(reason) > 5 for reason in (*EXEMPT.values(), *EXEMPT_ADMIN.values()))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_two_pictures_have_one_name(page: Any) -> None:
    assert [other.name for other in PAGES].count(page.name) == 1
