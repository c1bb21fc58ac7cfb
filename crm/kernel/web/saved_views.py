"""Views of a list that somebody saved under a name: its conditions, its order; for oneself or for one's department.

A view is an address and opens no more than the list does for whoever follows it. One's own are kept on the account,
shared ones on the department (`saved_views`: route name → views), which every request loads anyway.
"""

from dataclasses import dataclass
from typing import Any, TypedDict
from urllib.parse import quote

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import BadInput
from crm.kernel.access.inputs import text_problem
from crm.kernel.audit.services import record
from crm.kernel.web.columns import OfList

MOST_VIEWS = 20
LONGEST_NAME = 30
LONGEST_QUERY = 1000
# What belongs to a visit, not to a view.
NOT_KEPT = ("page", "after", "format", "purpose")


class Kept(TypedDict):
    """A saved view. `by`: who shared it, empty for one's own."""

    name: str
    query: str
    by: str


@dataclass(frozen=True)
class SavedView:
    """A saved view as a page draws it."""

    name: str
    by: str
    url: str
    is_on: bool


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


def views_of(request: Any, route: str, path: str) -> list[SavedView]:
    """One's own views of the list at `route`, then those of the department, each by name."""
    here = query_of(request.GET)
    person = getattr(request, "person", None)
    department = person.department if person is not None else None
    holders = (request.user, department)
    kept = [view for holder in holders for view in getattr(holder, "saved_views", {}).get(route, [])]
    return [SavedView(view["name"], view["by"], _url(path, view["query"]), view["query"] == here) for view in kept]


def _url(path: str, query: str) -> str:
    return quote(path) + (f"?{query}" if query else "")


@transaction.atomic
def save_view(holder: Model, route: str, view: Kept) -> None:
    """Keep a view of the list at `route` on an account or a department; one of the same name is replaced.

    BadInput when there are MOST_VIEWS already. The row is locked, since two may be saved at once.
    """
    rows, kept = _hold(holder)
    others = [other for other in kept.get(route, []) if other["name"] != view["name"]]
    if len(others) >= MOST_VIEWS:
        raise BadInput(_("At most %(most)d views of a list.") % {"most": MOST_VIEWS}, field="name", code="too_many")
    views = sorted([*others, view], key=lambda one: one["name"])
    rows.update(saved_views={**kept, route: views})


@transaction.atomic
def drop_view(holder: Model, route: str, name: str) -> bool:
    """Whether there was a view of this name; it is gone."""
    rows, kept = _hold(holder)
    left = [view for view in kept.get(route, []) if view["name"] != name]
    if len(left) == len(kept.get(route, [])):
        return False
    kept.pop(route)
    rows.update(saved_views={**kept, route: left} if left else kept)
    return True


def _hold(holder: Model) -> tuple[Any, dict[str, list[Kept]]]:
    rows = type(holder)._default_manager.filter(pk=holder.pk)
    return rows, rows.select_for_update(no_key=True).values_list("saved_views", flat=True).get()


class ViewForm(forms.Form):
    """The name of a view, and for whom it is."""

    name = forms.CharField(label=_("Name of the view"), max_length=LONGEST_NAME)
    is_shared = forms.BooleanField(
        label=_("For my whole department"),
        help_text=_("Conditions and search text are seen by your colleagues; the rows stay those that each may see."),
        required=False,
    )

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if problem := text_problem(name, lines=False):
            raise ValidationError(problem)
        return name


class SavedViews(OfList):
    """The views of one list: save what the address asks for, remove one."""

    template_name = "web/saved_views.html"
    form_class = ViewForm
    title = _("Saved views")
    submit_label = _("Save this view")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        route, _view = self.list_route
        return super().get_context_data(**{"saved": views_of(self.request, route, self.path), **extra})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for field, is_shared in (("remove", False), ("remove_shared", True)):
            if field in request.POST:
                self.remove(request.POST[field], is_shared=is_shared)
                return HttpResponseRedirect(request.get_full_path())
        return super().post(request, *args, **kwargs)

    def holder(self, *, is_shared: bool) -> Any:
        """The row that keeps the view."""
        return self.person.department if is_shared else self.request.user

    @transaction.atomic
    def remove(self, name: str, *, is_shared: bool) -> None:
        """Anybody of the department may remove what it shares: who shared it may have left."""
        route, _view = self.list_route
        if drop_view(self.holder(is_shared=is_shared), route, name) and is_shared:
            self.note("list.view_removed", name)

    @transaction.atomic
    def perform(self, form: ViewForm) -> None:
        route, _view = self.list_route
        is_shared: bool = form.cleaned_data["is_shared"]
        query = query_of(self.request.GET)
        if len(query) > LONGEST_QUERY:
            raise BadInput(_("These conditions are too long to be saved."), field="name", code="too_long")
        by = str(self.person) if is_shared else ""
        save_view(self.holder(is_shared=is_shared), route, {"name": form.cleaned_data["name"], "query": query, "by": by})
        if is_shared:
            self.note("list.view_shared", form.cleaned_data["name"])

    def note(self, act: str, name: str) -> None:
        """What a department shares leaves its trace; one's own does not."""
        data = {"list": self.path, "name": name}
        record(act, subject=self.person.department, by=self.person, data=data)
