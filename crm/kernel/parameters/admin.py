"""Parameters in the admin site: everybody reads, one proposes, a second decides; every act calls its service."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import may
from crm.kernel.parameters import selectors
from crm.kernel.parameters.forms import DecideForm, ProposeForm
from crm.kernel.parameters.models import Parameter, ParameterVersion
from crm.kernel.text.numbers import MISSING
from crm.kernel.web.admin import KernelAdmin, ServiceAdmin, kept_columns
from crm.kernel.workdays import clock
from crm.kernel.workdays.models import CalendarDay

# Of a table a list shows the beginning; the page of the parameter shows it whole.
LONGEST_VALUE = 90


@admin.register(Parameter)
class ParameterAdmin(KernelAdmin):
    list_display = ("name", "value_in_force", "unit", "code", "name_en")
    search_fields = ("code", "name", "name_en")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Parameter]:
        return super().get_queryset(request).annotate(in_force=selectors.value_in_force(on=clock.today()))

    @admin.display(description=_("value in force"))
    def value_in_force(self, row: Any) -> str:
        return Truncator(selectors.shorten(row.in_force)).chars(LONGEST_VALUE) if row.in_force is not None else MISSING


@admin.register(ParameterVersion)
class ParameterVersionAdmin(ServiceAdmin):
    """A draft is added by one administrator and decided by another; everything else only reads."""

    add_form, change_form = ProposeForm, DecideForm
    list_display = (
        "name",
        "version",
        "shown_value",
        "status",
        "effective_from",
        "source",
        "proposed_by",
        "approved_by",
    )
    list_select_related = ("parameter", "proposed_by", "approved_by")
    list_filter = ("status", "parameter")
    search_fields = ("parameter__code", "parameter__name")
    facts = ("parameter", "version", "value", "effective_from", "effective_to", "source", "status")
    people = ("proposed_by", "proposed_at", "approved_by", "approved_at")

    @admin.display(description=_("parameter"), ordering="parameter")
    def name(self, row: ParameterVersion) -> str:
        return row.parameter.title

    @admin.display(description=_("value"))
    def shown_value(self, row: ParameterVersion) -> str:
        return Truncator(selectors.shorten(row.value)).chars(LONGEST_VALUE)

    def has_add_permission(self, request: HttpRequest) -> bool:
        person = getattr(request, "person", None)
        return person is not None and bool(may(person, "propose", Parameter))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        draft = isinstance(obj, ParameterVersion) and obj.status == ParameterVersion.Status.DRAFT
        if person is None or obj is None or not draft:
            return False
        return bool(may(person, "approve", obj)) or bool(may(person, "withdraw", obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": self.get_fields(request, obj)})]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("parameter", "value", "effective_from", "effective_to", "source")
        decision = ("verdict", "reason") if self.has_change_permission(request, obj) else ()
        return kept_columns(ParameterVersion, (*self.facts, *self.people, *decision))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return kept_columns(ParameterVersion, (*self.facts, *self.people)) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """`?parameter=ID` starts from the value in force."""
        chosen = request.GET.get("parameter", "")
        parameter = Parameter.objects.filter(pk=chosen).first() if chosen.isascii() and chosen.isdigit() else None
        if parameter is None:
            return {}
        return {"parameter": parameter.pk, "value": selectors.value(parameter.code).value}


@admin.register(CalendarDay)
class CalendarDayAdmin(KernelAdmin):
    """The working calendar, to look at. It is listed here because its own module is a layer below the admin's bases."""

    list_display = ("date", "is_workday", "name", "status", "source")
    list_filter = ("status", "is_workday")
    date_hierarchy = "date"
    ordering = ("-date",)
