"""The search boxes, pickers and forms of the site, found by following the links of its pages as several people."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from crm.kernel.people.models import Person
from crm.tests.support.people import browser_for

LINK = re.compile(r'(?:href|hx-get)="([^"#]+)"')
BOX = re.compile(r'<input\s[^>]*?type="search"[^>]*?\sid="([\w-]+)"')
PICKER = re.compile(r'<select\s[^>]*?data-picker-url="([^"]+)"[^>]*>')
FORM = re.compile(r'<form\s[^>]*?method="post"[^>]*?>', re.DOTALL)
OPENS_NOTHING = ("/static/", "/api/", "/admin/jsi18n", "/logout")


@dataclass(frozen=True)
class Place:
    """One page of a route, as one person opens it."""

    route: str
    path: str
    person: Person
    text: str

    @property
    def boxes(self) -> list[str]:
        """The ids of the page's search boxes."""
        return BOX.findall(self.text)

    @property
    def pickers(self) -> list[str]:
        """The ids of the page's pickers."""
        return [found for tag in PICKER.finditer(self.text) for found in re.findall(r'\bid="([\w-]+)"', tag.group())]


def walk_pages(people: list[Person], most: int = 400) -> list[Place]:
    """The first page of every route that the people reach by links from their own day, whatever they find first."""
    places: dict[str, Place] = {}
    for person in people:
        for place in _walk_as(person, most):
            places.setdefault(place.route, place)
    return list(places.values())


def _walk_as(person: Person, most: int) -> Iterator[Place]:
    browser: Any = browser_for(person)
    waiting, seen = ["/"], set()
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        route = route_of(path)
        if not route or (route, person.pk) in seen:
            continue
        seen.add((route, person.pk))
        answer = browser.get(path, follow=True)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        text = answer.content.decode()
        end = answer.redirect_chain[-1][0] if answer.redirect_chain else path
        yield Place(route, end, person, text)
        waiting += [link.replace("&amp;", "&") for link in LINK.findall(text) if link.startswith("/")]


def route_of(path: str) -> str:
    """The name of the route behind an address of a page; empty for none."""
    if path.startswith(OPENS_NOTHING):
        return ""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""
