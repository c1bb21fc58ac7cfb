"""Menu entries: the side bar, the "new" list and the admin's navigation, declared in each module's `menu.py`.

An entry whose `visible` says no, or whose route does not exist, is not drawn: nothing in the menu is dead.
"""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, get_urlconf, reverse

from crm.kernel.declarations import Text, add


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
    """One entry. A page whose `menu` is the entry's `name` marks it.

    `count(person)` answers an int or a `Count` (None: no figure); `visible(person)` defaults to everybody.
    `phone`: one of the (at most four) entries of the phone's bottom bar. `is_apart`: stands below the daily work, with
    what is administered and audited.
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
    is_apart: bool = False

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
    count: Callable[[Any], Count]


@dataclass(frozen=True, eq=False)
class AdminSection:
    """A group of the admin's navigation: a task, not an app. Modules that share one import it from the lowest."""

    label: Text
    order: int


ITEMS: dict[str, MenuItem] = {}
NEW: dict[str, MenuItem] = {}
FIGURES: dict[str, Figure] = {}
ADMIN: dict[AdminSection, dict[str, MenuItem]] = {}


def register(*items: MenuItem) -> None:
    """Declare entries of the side bar."""
    for item in items:
        add(ITEMS, item.url_name, item)


def register_new(*items: MenuItem) -> None:
    """Declare entries of the "new" list in the top bar."""
    for item in items:
        add(NEW, item.url_name, item)


def register_figure(figure: Figure) -> None:
    """Let the fragment of the figures ask for this one too."""
    add(FIGURES, figure.name, figure)


def register_admin(section: AdminSection, *items: MenuItem) -> None:
    """Declare entries of the admin's navigation; `url_name` like `admin:kernel_person_changelist`."""
    for item in items:
        add(ADMIN.setdefault(section, {}), item.url_name, item)
