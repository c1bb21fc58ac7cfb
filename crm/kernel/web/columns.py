"""The columns of a list as an account chose them: which are shown, and in which order.

The choice is kept on the account (`list_columns`: route name → column names), which every request loads anyway. A
column that no longer exists is ignored. Columns of the kind "key" name the row and are always shown.
"""

from typing import Any
from urllib.parse import quote

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import NotVisible, Text
from crm.kernel.web.listing import kept_columns
from crm.kernel.web.tables import KernelColumn
from crm.kernel.web.views import FORM_METHODS, KernelFormView, KernelListView


def save_columns(account: Any, route: str, names: list[str]) -> None:
    """Keep `names` as the columns of the list at `route`; an empty list returns to the declared columns.

    Not business data: no version, no audit row. The row is locked, since two pages may be saved at once.
    """
    with transaction.atomic():
        rows = account._meta.default_manager.filter(pk=account.pk)
        kept = rows.select_for_update(no_key=True).values_list("list_columns", flat=True).get()
        kept.pop(route, None)
        rows.update(list_columns={**kept, route: names} if names else kept)


class ColumnsForm(forms.Form):
    """For each column of a table whether it is shown, and its position."""

    def __init__(self, *args: Any, columns: list[KernelColumn], shown: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        for place, column in enumerate(columns, start=1):
            is_fixed = column.kind == "key"
            self.fields[f"show_{column.name}"] = forms.BooleanField(
                label=str(column.header), required=False, disabled=is_fixed, initial=is_fixed or column.name in shown
            )
            self.fields[f"place_{column.name}"] = forms.IntegerField(
                label=_("Position"), required=False, min_value=1, max_value=len(columns), initial=place
            )
            # A table's cell has no label of its own.
            words = {"column": column.header}
            self.fields[f"place_{column.name}"].widget.attrs["aria-label"] = _("Position of “%(column)s”") % words

    def rows(self) -> list[tuple[Any, Any]]:
        """Check box and position of each column."""
        return [(self[f"show_{column.name}"], self[f"place_{column.name}"]) for column in self.columns]

    def chosen(self) -> list[str]:
        """The names of the shown columns in their new order.

        A column that was moved up comes before the one that held its position, a column moved down after it.
        """

        def position(item: tuple[int, KernelColumn]) -> tuple[int, int, int]:
            before, column = item
            now = self.cleaned_data[f"place_{column.name}"] or before
            return now, (now > before) - (now < before), before

        ordered = sorted(enumerate(self.columns, start=1), key=position)
        return [column.name for _place, column in ordered if self.cleaned_data[f"show_{column.name}"]]


class OfList(KernelFormView):
    """A form about one list, for one's own account; the list's conditions are carried along.

    `list_path` is the list's address; NotVisible (404) for one that is no list with a table.
    """

    without_model = True
    http_method_names = FORM_METHODS

    @property
    def path(self) -> str:
        return f"/{self.kwargs['list_path']}"

    @cached_property
    def list_route(self) -> tuple[str, type[KernelListView]]:
        """The list's route name and view class."""
        try:
            match = resolve(self.path)
        except Resolver404:
            raise NotVisible from None
        view = getattr(match.func, "view_class", None)
        if view is None or not issubclass(view, KernelListView) or view.table_class is None:
            raise NotVisible
        return match.view_name, view

    def get_crumbs(self) -> list[tuple[Text, Text]]:
        _route, view = self.list_route
        return [(view.title or view.noun, self.get_success_url())]

    def get_success_url(self) -> str:
        query = self.request.GET.urlencode()
        return quote(self.path) + (f"?{query}" if query else "")

    def get_cancel_url(self) -> str:
        return self.get_success_url()


class ColumnChooser(OfList):
    """Columns of one list."""

    template_name = "web/columns.html"
    form_class = ColumnsForm
    title = _("Columns")
    submit_label = _("Apply")

    def get_form_kwargs(self) -> dict[str, Any]:
        route, view = self.list_route
        chosen = view.table_class.choose(kept_columns(self.request, route)).declared
        shown = frozenset(column.name for column in chosen)
        hidden = [column for column in view.table_class.declared if column.name not in shown]
        return {**super().get_form_kwargs(), "columns": [*chosen, *hidden], "shown": shown}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "reset" not in request.POST:
            return super().post(request, *args, **kwargs)
        save_columns(request.user, self.list_route[0], [])
        return HttpResponseRedirect(self.get_success_url())

    def perform(self, form: ColumnsForm) -> None:
        route, view = self.list_route
        names = form.chosen()
        declared = [column.name for column in view.table_class.declared]
        save_columns(self.request.user, route, [] if names == declared else names)
