"""The page that saves and removes the views of one list, one's own and those of the department."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import may, require
from crm.kernel.access.errors import BadInput
from crm.kernel.access.inputs import text_problem
from crm.kernel.audit.services import record
from crm.kernel.web.columns import OfList
from crm.kernel.web.saved_views import Kept, drop_view, query_of, save_view, views_of

LONGEST_NAME = 30
LONGEST_QUERY = 1000
# The act of the policy of a department: remove what a colleague shared.
TIDY = "tidy_views"


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
            raise ValidationError(str(problem))
        return name


class SavedViews(OfList):
    """The views of one list: save what the address asks for, remove one."""

    template_name = "web/saved_views.html"
    form_class = ViewForm
    title = _("Saved views")
    submit_label = _("Save this view")

    @property
    def conditions(self) -> dict[str, Any]:
        """The filters that the list has."""
        _route, view = self.list_route
        return dict(view.filterset_class.base_filters) if view.filterset_class is not None else {}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        saved = views_of(self.request, self.list_route[0], self.path, self.conditions)
        tidies = bool(may(self.person, TIDY, self.person.department))
        return super().get_context_data(**{"saved": saved, "tidies": tidies, **extra})

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
        """A shared view is removed by who shared it, or by the head of the department: who shared it may have left."""
        found = drop_view(self.holder(is_shared=is_shared), self.list_route[0], name)
        if not is_shared:
            return
        if found["by_id"] != self.person.pk:
            require(self.person, TIDY, self.person.department)
        self.note("list.view_removed", name)

    @transaction.atomic
    def perform(self, form: ViewForm) -> None:
        is_shared: bool = form.cleaned_data["is_shared"]
        name, query = form.cleaned_data["name"], query_of(self.request.GET)
        if len(query) > LONGEST_QUERY:
            raise BadInput(_("These conditions are too long to be saved."), field="name", code="too_long")
        by, by_id = (str(self.person), self.person.pk) if is_shared else ("", None)
        view = Kept(name=name, query=query, by=by, by_id=by_id)
        save_view(self.holder(is_shared=is_shared), self.list_route[0], view)
        if is_shared:
            self.note("list.view_shared", name)

    def note(self, act: str, name: str) -> None:
        """What a department shares leaves its trace; one's own does not."""
        data = {"list": self.path, "name": name}
        record(act, subject=self.person.department, by=self.person, data=data)
