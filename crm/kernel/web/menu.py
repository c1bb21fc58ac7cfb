"""The menu and the "new" list: wings say what they have, the roof registers it, the shell draws it.

A wing writes `MENU = [MenuItem(...)]` in its app's `menu.py`; `crm.home.menu` gathers the lists and calls `register`.
An item whose `visible` says no, or whose route does not exist, is not drawn: nothing in the menu is dead.
Counts are never taken while a page is built; one htmx fragment asks for them afterwards.
"""

from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse

from crm.kernel.access.errors import Text


@lru_cache(maxsize=500)
def route_address(url_name: str, urlconf: Any) -> str:
    """The address of a route that takes nothing, "" when there is none; a frame asks for forty."""
    try:
        return reverse(url_name, urlconf=urlconf)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class Count:
    """What waits: how many, and whether something of it is overdue or red (then the figure is red)."""

    number: int
    is_late: bool = False


@dataclass(frozen=True)
class MenuItem:
    """One entry. `section` is the first part of the crumb it stands for: a page with the same `menu` is marked.

    `count(person)` answers an int or a `Count` (None: no figure); `visible(person)` defaults to everybody.
    `phone`: one of the (at most four) entries of the phone's bottom bar.
    """

    label: Text
    url_name: str
    _: KW_ONLY
    icon: str
    order: int = 100
    key: str = ""
    count: Callable[[Any], "Count | int | None"] | None = None
    visible: Callable[[Any], bool] | None = None
    phone: bool = False

    @property
    def name(self) -> str:
        """The key pages name in `menu = ...`: `clients` unless told, taken from `clients:client_list`."""
        return self.key or self.url_name.split(":")[0]

    @property
    def url(self) -> str:
        """The address, or "" while the route does not exist."""
        return route_address(self.url_name, get_urlconf())

    def is_for(self, person: Any) -> bool:
        return bool(self.url) and (self.visible is None or bool(self.visible(person)))


@dataclass(frozen=True)
class Figure:
    """A figure of the frame that is no entry of the menu: the bell's. `name` as in the frame's `count-<name>`."""

    name: str
    count: Callable[[Any], "Count"]


_figures: dict[str, Figure] = {}
_items: dict[str, MenuItem] = {}
_news: dict[str, MenuItem] = {}


def register(items: Iterable[MenuItem] = (), *, new: Iterable[MenuItem] = ()) -> None:
    """Add entries of the side bar, and of the "new" list in the top bar. Registering twice replaces."""
    _items.update({item.url_name: item for item in items})
    _news.update({item.url_name: item for item in new})


def register_figure(figure: Figure) -> None:
    """Let the fragment of the figures ask for this one too."""
    _figures[figure.name] = figure


@dataclass(frozen=True)
class Section:
    """A group of the admin's navigation: a task, not an app."""

    label: Text
    items: list[MenuItem]


_sections: list[Section] = []


def register_admin(sections: Iterable[tuple[Text, Iterable[MenuItem]]]) -> None:
    """The admin's navigation by task: (head, entries) in order; `url_name` like `admin:kernel_person_changelist`."""
    _sections[:] = [Section(label, list(items)) for label, items in sections]


class Menu:
    """The menu as one person sees it. Nothing is computed until the template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.person = getattr(request, "person", None)

    def _of(self, registry: dict[str, MenuItem]) -> list[MenuItem]:
        if self.person is None:
            return []
        return sorted((item for item in registry.values() if item.is_for(self.person)), key=lambda item: item.order)

    @cached_property
    def items(self) -> list[MenuItem]:
        return self._of(_items)

    @cached_property
    def news(self) -> list[MenuItem]:
        return self._of(_news)

    @cached_property
    def phone(self) -> list[MenuItem]:
        return [item for item in self.items if item.phone][:4]

    @cached_property
    def admin(self) -> list[Section]:
        """The admin's sections with what this person may open."""
        if self.person is None:
            return []
        mine = [Section(part.label, [item for item in part.items if item.is_for(self.person)]) for part in _sections]
        return [section for section in mine if section.items]

    @cached_property
    def admin_urls(self) -> frozenset[str]:
        return frozenset(item.url for section in self.admin for item in section.items)

    @property
    def counts(self) -> list[tuple[MenuItem | Figure, Count]]:
        """Every figure of the frame; one query or so per entry, asked for by the fragment only."""
        figures: list[tuple[MenuItem | Figure, Count]] = []
        if self.person is not None:
            figures += [(figure, figure.count(self.person)) for figure in _figures.values()]
        for item in self.items:
            found = item.count(self.person) if item.count else None
            if found is not None:
                figures.append((item, found if isinstance(found, Count) else Count(int(found))))
        return figures
