"""The page that saves and removes the views of one list, one's own and those of the department."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import may
from crm.kernel.access.inputs import text_problem
from crm.kernel.web.columns import OfList
from crm.kernel.web.saved_views import TIDY, query_of, view_remove, view_save, views_of

LONGEST_NAME = 30


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

    def remove(self, name: str, *, is_shared: bool) -> None:
        view_remove(name=name, is_shared=is_shared, **self.about())

    def perform(self, form: ViewForm) -> None:
        view_save(query=query_of(self.request.GET), **form.cleaned_data, **self.about())

    def about(self) -> dict[str, Any]:
        """Which list, whose account."""
        route, path = self.list_route[0], self.path
        return {"account": self.request.user, "route": route, "path": path, "by": self.person}
