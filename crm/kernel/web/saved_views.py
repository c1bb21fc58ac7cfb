"""Views of a list that somebody saved under a name: its conditions, its order; for oneself or for one's department.

A view is an address and opens no more than the list does for whoever follows it. One's own are kept on the account,
shared ones on the department (`saved_views`: route name → views), which every request loads anyway.
"""

from dataclasses import dataclass
from typing import Any, TypedDict
from urllib.parse import quote

from django.db import transaction
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import BadInput, Conflict, NotVisible
from crm.kernel.web.filters import ORDERING

MOST_VIEWS = 50
# What belongs to a visit, not to a view.
NOT_KEPT = ("page", "after", "format", "purpose")


class Kept(TypedDict):
    """A saved view. `by` and `by_id`: name and number of who shared it; empty for one's own."""

    name: str
    query: str
    by: str
    by_id: int | None


@dataclass(frozen=True)
class SavedView:
    """A saved view as a page draws it."""

    name: str
    by: str
    url: str
    is_on: bool
    may_remove: bool


def query_of(given: QueryDict) -> str:
    """The conditions and the order of an address, in one form."""
    kept = given.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    pairs = sorted((name, value) for name, values in kept.lists() for value in values if value)
    ordered = QueryDict(mutable=True)
    for name, value in pairs:
        ordered.appendlist(name, value)
    return str(ordered.urlencode())


def views_of(request: Any, route: str, path: str, filters: dict[str, Any]) -> list[SavedView]:
    """One's own views of the list at `route`, then those of the department, each by name.

    A condition or an order that the list no longer has (`filters`: those it has) is left out of the address.
    """
    here = query_of(request.GET)
    account, department = request.user, request.person.department
    own: list[Kept] = account.saved_views.get(route, [])
    shared: list[Kept] = department.saved_views.get(route, []) if department is not None else []
    found = []
    for view in (*own, *shared):
        query = _known(view["query"], filters)
        is_own = view["by_id"] in (None, request.person.pk)
        found.append(SavedView(view["name"], view["by"], _url(path, query), query == here, is_own))
    return found


def _known(query: str, filters: dict[str, Any]) -> str:
    """The conditions and the order of `query` that the list still has."""
    names = set(filters)
    for name, item in filters.items():
        names |= {f"{name}_{suffix}" for suffix in getattr(item.field_class.widget, "suffixes", [])}
    given = QueryDict(query)
    left = QueryDict(mutable=True)
    for name, values in given.lists():
        for value in values:
            orders = getattr(filters.get(name), "param_map", {}) if name == ORDERING else ()
            if name in names and (name != ORDERING or value.removeprefix("-") in orders):
                left.appendlist(name, value)
    return str(left.urlencode())


def _url(path: str, query: str) -> str:
    return quote(path) + (f"?{query}" if query else "")


@transaction.atomic
def save_view(holder: Model, route: str, view: Kept) -> None:
    """Keep a view of the list at `route` on an account or a department; one of the same name is replaced.

    BadInput when there are MOST_VIEWS already; Conflict for a name under which a colleague shares a view. The row is
    locked, since two may be saved at once.
    """
    rows, kept = _hold(holder)
    others = [other for other in kept.get(route, []) if other["name"] != view["name"]]
    if any(one["name"] == view["name"] and one["by_id"] != view["by_id"] for one in kept.get(route, [])):
        raise Conflict(_("A colleague shares a view of this name."), field="name", code="taken")
    if len(others) >= MOST_VIEWS:
        raise BadInput(_("At most %(most)d views of a list.") % {"most": MOST_VIEWS}, field="name", code="too_many")
    views = sorted([*others, view], key=lambda one: one["name"])
    rows.update(saved_views={**kept, route: views})


@transaction.atomic
def drop_view(holder: Model, route: str, name: str) -> Kept:
    """Remove the view of this name and return it; NotVisible when there is none."""
    rows, kept = _hold(holder)
    found = next((view for view in kept.get(route, []) if view["name"] == name), None)
    if found is None:
        raise NotVisible
    left = [view for view in kept.pop(route) if view["name"] != name]
    rows.update(saved_views={**kept, route: left} if left else kept)
    return found


def _hold(holder: Model) -> tuple[Any, dict[str, list[Kept]]]:
    rows = holder._meta.model._default_manager.filter(pk=holder.pk)
    return rows, rows.select_for_update(no_key=True).values_list("saved_views", flat=True).get()
