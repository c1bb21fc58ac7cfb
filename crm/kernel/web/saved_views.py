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

from crm.kernel.access.checks import require
from crm.kernel.access.errors import BadInput, Conflict, NotVisible
from crm.kernel.audit.services import record
from crm.kernel.web.filters import ORDERING

MOST_VIEWS = 50
LONGEST_QUERY = 1000
# The act of the policy of a department: remove what a colleague shared.
TIDY = "tidy_views"
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
def view_save(*, account: Any, route: str, path: str, name: str, query: str, is_shared: bool, by: Any) -> None:
    """Keep a view of the list at `route` on the account, or on the department of `by`; its former one is replaced.

    BadInput for conditions too long or when there are MOST_VIEWS already; Conflict for a name under which a colleague
    shares a view. The row is locked, since two may be saved at once. Sharing leaves its trace; one's own does not.
    """
    if len(query) > LONGEST_QUERY:
        raise BadInput(_("These conditions are too long to be saved."), field="name", code="too_long")
    who = (str(by), by.pk) if is_shared else ("", None)
    view = Kept(name=name, query=query, by=who[0], by_id=who[1])
    rows, kept = _hold(by.department if is_shared else account)
    present = kept.get(route, [])
    if any(one["name"] == name and one["by_id"] != view["by_id"] for one in present):
        raise Conflict(_("A colleague shares a view of this name."), field="name", code="taken")
    others = [other for other in present if other["name"] != name]
    if len(others) >= MOST_VIEWS:
        raise BadInput(_("At most %(most)d views of a list.") % {"most": MOST_VIEWS}, field="name", code="too_many")
    rows.update(saved_views={**kept, route: sorted([*others, view], key=lambda one: one["name"])})
    if is_shared:
        record("list.view_shared", subject=by.department, by=by, data={"list": path, "name": name})


@transaction.atomic
def view_remove(*, account: Any, route: str, path: str, name: str, is_shared: bool, by: Any) -> None:
    """Remove a view; NotVisible when there is none.

    A shared one is removed by who shared it, or by the head of the department: who shared it may have left.
    """
    rows, kept = _hold(by.department if is_shared else account)
    found = next((view for view in kept.get(route, []) if view["name"] == name), None)
    if found is None:
        raise NotVisible
    if is_shared and found["by_id"] != by.pk:
        require(by, TIDY, by.department)
    left = [view for view in kept.pop(route) if view["name"] != name]
    rows.update(saved_views={**kept, route: left} if left else kept)
    if is_shared:
        record("list.view_removed", subject=by.department, by=by, data={"list": path, "name": name})


def _hold(holder: Model) -> tuple[Any, dict[str, list[Kept]]]:
    rows = holder._meta.model._default_manager.filter(pk=holder.pk)
    return rows, rows.select_for_update(no_key=True).values_list("saved_views", flat=True).get()
