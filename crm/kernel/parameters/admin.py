"""Parameters in the admin site: everybody reads, one proposes, a second decides; every act calls its service."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from crm.kernel.access.checks import may
from crm.kernel.access.errors import DomainError
from crm.kernel.parameters import selectors, services
from crm.kernel.parameters.forms import DecideForm, ProposeForm
from crm.kernel.parameters.models import Parameter, ParameterVersion
from crm.kernel.web.admin import KernelAdmin
from crm.kernel.workdays.models import CalendarDay


@admin.register(Parameter)
class ParameterAdmin(KernelAdmin):
    list_display = ("code", "name", "name_en", "unit")
    search_fields = ("code", "name", "name_en")


@admin.register(ParameterVersion)
class ParameterVersionAdmin(KernelAdmin):
    """A draft is added by one administrator and decided by another; everything else only reads."""

    list_display = ("parameter", "version", "status", "effective_from", "source", "proposed_by", "approved_by")
    list_select_related = ("parameter", "proposed_by", "approved_by")
    list_filter = ("status", "parameter")
    search_fields = ("parameter__code", "parameter__name")
    facts = ("parameter", "version", "value", "effective_from", "effective_to", "source", "status")
    people = ("proposed_by", "proposed_at", "approved_by", "approved_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        person = getattr(request, "person", None)
        return person is not None and bool(may(person, "propose", Parameter))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        draft = isinstance(obj, ParameterVersion) and obj.status == ParameterVersion.Status.DRAFT
        if person is None or obj is None or not draft:
            return False
        return bool(may(person, "approve", obj)) or bool(may(person, "withdraw", obj))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, form=DecideForm if obj else ProposeForm, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("parameter", "value", "effective_from", "effective_to", "source")
        decision = ("verdict", "reason") if self.has_change_permission(request, obj) else ()
        return (*self.facts, *self.people, *decision)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.facts, *self.people) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """`?parameter=ID` starts from the value in force."""
        chosen = request.GET.get("parameter", "")
        parameter = Parameter.objects.filter(pk=chosen).first() if chosen.isascii() and chosen.isdigit() else None
        if parameter is None:
            return {}
        return {"parameter": parameter.pk, "value": selectors.value(parameter.code).value}

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> ParameterVersion:
        return form.save(commit=False)

    def save_model(self, request: HttpRequest, obj: ParameterVersion, form: forms.ModelForm, change: bool) -> None:
        """The services write; what the form built is only their input."""
        by, given = request.person, form.cleaned_data  # type: ignore[attr-defined]
        if not change:
            draft = services.parameter_propose(
                code=given["parameter"].code,
                value=given["value"],
                effective_from=given["effective_from"],
                effective_to=given["effective_to"],
                source=given["source"],
                by=by,
            )
            obj.pk, obj.version = draft.pk, draft.version
        elif given["verdict"] == "approve":
            services.parameter_approve(version=obj, by=by)
        else:
            services.parameter_withdraw(version=obj, by=by, reason=given["reason"])

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as error:
            messages.error(request, _("Refused: %(reason)s") % {"reason": error.message})
            return redirect(request.get_full_path())


@admin.register(CalendarDay)
class CalendarDayAdmin(KernelAdmin):
    """The working calendar, to look at. It is listed here because its own wing stands below the admin's bases."""

    list_display = ("date", "is_workday", "name", "status", "source")
    list_filter = ("status", "is_workday")
    date_hierarchy = "date"
    ordering = ("-date",)
