"""The lists that leave as files, and one of them opened for an account without a browser: the same view, the same
checks, the same columns as on screen.
"""

import copy
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import NoReverseMatch, get_resolver, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django_htmx.middleware import HtmxDetails

from crm.kernel.access.errors import BadInput, NotVisible, Text
from crm.kernel.people.models import Account
from crm.kernel.web.views import KernelListView

T = TypeVar("T")
API = "/api/v1/"


class Listing(NamedTuple):
    """A list with a table: its address, its route, its view, and what the API calls its rows ("" for none)."""

    path: str
    route: str
    view: type[KernelListView]
    noun: str

    @property
    def title(self) -> Text:
        """What its page is called."""
        return self.view.title or self.view.noun


@lru_cache(maxsize=1)
def read_lists() -> dict[str, Listing]:
    """Every list with a table whose address takes nothing, by address."""
    nouns = list(_nouns())
    found: dict[str, Listing] = {}
    for route, callback in _routes(get_resolver()):
        view = getattr(callback, "view_class", None)
        if view is None or not issubclass(view, KernelListView) or view.table_class is None:
            continue
        try:
            path = reverse(route)
        except NoReverseMatch:
            continue
        taken = {listing.noun for listing in found.values()}
        noun = next((noun for noun, shown in nouns if _is_of(view, shown) and noun not in taken), "")
        found[path] = Listing(path, route, view, noun)
    return found


def list_nouns() -> list[str]:
    """What the API can export."""
    return sorted(listing.noun for listing in read_lists().values() if listing.noun)


def listing_at(path: str) -> Listing:
    """The list at this address; NotVisible for any other."""
    try:
        return read_lists()[path]
    except KeyError:
        raise NotVisible from None


def listing_of(noun: str) -> Listing:
    """The list of what the API calls so; BadInput for any other word."""
    for listing in read_lists().values():
        if listing.noun and listing.noun == noun:
            return listing
    raise BadInput(_("This cannot be exported."), field="noun", code="choice")


def open_list(
    listing: Listing, *, account: Account, query: str, columns: list[str], take: Callable[[KernelListView], T]
) -> T:
    """What `take` makes of the list as this account sees it, with these conditions and columns.

    The list's own view answers, so that its policy, its scope and its masks are those of the page. Its refusals are
    raised here; BadInput names a condition that it does not have.
    """
    match = resolve(listing.path)
    taken: list[T] = []

    def taker(view: KernelListView) -> HttpResponse:
        taken.append(take(view))
        return HttpResponse()

    request: Any = HttpRequest()
    request.method, request.path, request.path_info = "GET", listing.path, listing.path
    request.META |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    request.GET = QueryDict(query, mutable=True)
    request.GET["format"] = "csv"
    request.user, request.person = copy.copy(account), account.person
    request.user.list_columns = {match.view_name: columns}
    request.htmx, request.resolver_match = HtmxDetails(request), match
    request.LANGUAGE_CODE, request.taker = translation.get_language(), taker
    match.func(request, *match.args, **match.kwargs)
    if not taken:
        raise NotVisible
    return taken[0]


def _routes(resolver: Any, namespace: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _routes(pattern, inner)
        elif pattern.name:
            yield f"{namespace}{pattern.name}", pattern.callback


def _nouns() -> Iterator[tuple[str, Any]]:
    """What the API calls its rows, with the view that lists them."""
    for route, callback in _routes(get_resolver()):
        if route.startswith("api:") and route.endswith("-list") and hasattr(callback, "cls"):
            try:
                yield reverse(route).removeprefix(API).strip("/"), callback.cls
            except NoReverseMatch:
                continue


def _is_of(view: type[KernelListView], shown: Any) -> bool:
    """Whether the page's list and the API's are one: the same rows by the same conditions."""
    filters = getattr(shown, "filterset_class", None)
    return view.model is shown.model and filters is not None and view.filterset_class is filters
