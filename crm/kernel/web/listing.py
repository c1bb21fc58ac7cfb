"""How a list is put together: filter, count up to the cap, one page of rows, chips, and the way out of an empty one."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import BadInput, Text
from crm.kernel.text.sentences import listed
from crm.kernel.web.filters import ORDERING
from crm.kernel.web.pagination import CappedPaginator, whole_number
from crm.kernel.web.saved_views import views_of

# An empty filtered list says what each condition costs; more than this many would cost more queries than it helps.
MOST_WAYS_OUT = 4


@dataclass(frozen=True)
class Chip:
    """One condition in force: its words and the address without it; `left` rows would appear then (None: not asked)."""

    name: str
    label: Text
    value: str
    without: str
    left: int | None = None


def page_number(request: Any) -> int:
    """The page that the address asks for, from 1; BadInput (400) for what is no number."""
    return whole_number(request.GET.get("page", "1"), field="page")


def check_page(number: int, pages: int) -> None:
    """BadInput (400) for a page after the last one."""
    if number > pages:
        raise BadInput(_("There are %(pages)d pages.") % {"pages": pages}, field="page", code="range")


def make_table(view: Any, rows: list[Any]) -> Any:
    """The table over one page of rows; it orders nothing itself, it only shows the FilterSet's order."""
    table = view.shown_table(rows, **view.get_table_kwargs(rows))
    table.columns_url = columns_url(view.request)
    order = view.filterset.filters.get(ORDERING) if view.filterset is not None else None
    if order is not None:
        table.orderings = frozenset(order.param_map)
        table.ordered_by = view.request.GET.get(ORDERING, "")
    return table


def kept_columns(request: Any, route: str) -> list[str]:
    """The columns that the account chose for the list at `route`; empty: those that the table declares."""
    names: list[str] = getattr(request.user, "list_columns", {}).get(route, [])
    return names


def shown_table(view: Any) -> Any:
    """The table class with the columns that this account chose; page and file show the same ones."""
    match = view.request.resolver_match
    return view.table_class.choose(kept_columns(view.request, match.view_name if match else ""))


def columns_url(request: Any) -> str:
    """The page that chooses the columns of this list and returns to it."""
    query = request.GET.urlencode()
    return reverse("web:columns", args=[request.path.removeprefix("/")]) + (f"?{query}" if query else "")


def views_url(request: Any) -> str:
    """The page that saves what this list's address asks for, and removes saved views."""
    query = request.GET.urlencode()
    return reverse("web:saved_views", args=[request.path.removeprefix("/")]) + (f"?{query}" if query else "")


def shown_views(view: Any) -> dict[str, Any]:
    """What the menu of saved views shows; a list without a table has none."""
    request, match = view.request, view.request.resolver_match
    if view.table_class is None or match is None:
        return {}
    filters = view.filterset.filters if view.filterset is not None else {}
    saved = views_of(request, match.view_name, request.path, filters)
    return {"views_url": views_url(request), "saved_views": saved}


def create_url(view: Any) -> str:
    """The address of the create page, when there is one and the policy allows it."""
    if not view.create_url_name or not view.may(view.create_action):
        return ""
    try:
        return reverse(view.create_url_name)
    except NoReverseMatch:
        return ""


def hidden_parameters(query: QueryDict, *besides: str) -> list[tuple[str, str]]:
    """The parameters a small form on the page must carry along so as not to lose the other conditions."""
    dropped = {"page", *besides}
    return [(name, value) for name, values in query.lists() if name not in dropped for value in values if value]


def chips_of(filterset: Any, request: Any) -> list[Chip]:
    """The conditions in force, in words, each with the address that drops it."""
    chips = []
    for name, item in filterset.filters.items():
        if name == ORDERING:
            continue
        keys = [name, *(f"{name}_{suffix}" for suffix in getattr(item.field_class.widget, "suffixes", []))]
        given = [key for key in keys if request.GET.get(key)]
        if not given:
            continue
        params = request.GET.copy()
        for key in [*given, "page"]:
            params.pop(key, None)
        value = listed(value_words(filterset, name, text) for key in given for text in request.GET.getlist(key) if text)
        chips.append(Chip(name, item.label or name, value, f"?{params.urlencode()}" if params else request.path))
    return chips


def shown_chips(view: Any, paginator: Any) -> list[Chip]:
    """The conditions in force; where no row meets them all, each with the rows that would appear without it."""
    chips = chips_of(view.filterset, view.request) if view.filterset is not None else []
    if paginator and not paginator.count and 1 < len(chips) <= MOST_WAYS_OUT:
        return with_counts(view, chips)
    return chips


def value_words(filterset: Any, name: str, text: str) -> str:
    """A parameter's value as its label: the choice's word, the object's name, else the text itself."""
    field = filterset.form.fields[name]
    cleaned: Any = filterset.form.cleaned_data.get(name)
    if isinstance(cleaned, Model):
        return str(cleaned)
    if hasattr(field, "queryset"):
        found = cleaned or []
        key = field.to_field_name or "pk"
        named = {str(getattr(row, key)): str(row) for row in found if row is not None}
        return named.get(text, text)
    choices: Any = getattr(field, "choices", None) or getattr(field.widget, "choices", ())
    return next((str(label) for value, label in choices if str(value) == text), text)


def with_counts(view: Any, chips: list[Chip]) -> list[Chip]:
    """Each chip with the rows that would appear without it, counted up to the cap."""
    counted = []
    for chip in chips:
        params = QueryDict(chip.without[1:] if chip.without.startswith("?") else "")
        left = CappedPaginator(view.get_filterset(params).rows(), view.paginate_by).count
        counted.append(Chip(chip.name, chip.label, chip.value, chip.without, left))
    return sorted(counted, key=lambda chip: -(chip.left or 0))
