"""Waivers in the admin site: read, and decided by who was asked."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from crm.kernel.access.checks import may
from crm.kernel.web.admin import ServiceAdmin
from risk.gates.forms import AdminVerdictForm
from risk.gates.models import GateWaiver
from risk.gates.policies import DECIDE


@admin.register(GateWaiver)
class GateWaiverAdmin(ServiceAdmin):
    """A request is decided by the person it names; everything else only reads."""

    change_form = AdminVerdictForm
    list_display = ("project", "gate", "status", "asked_by_name", "asked_of", "decided_by_name", "expires_on")
    list_select_related = ("project", "asked_of")
    list_filter = ("status", "gate")
    search_fields = ("project__name", "asked_by_name")
    facts = ("project", "gate", "level", "status", "asked_by_name", "asked_reason", "asked_at", "asked_of")
    outcome = ("decided_by_name", "decided_level", "decided_at", "reason", "expires_on")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        if person is None or not isinstance(obj, GateWaiver) or obj.status != GateWaiver.Status.ASKED:
            return False
        return bool(may(person, DECIDE, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": self.get_fields(request, obj)})]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            *self.facts,
            *(("verdict", "last_day", "why") if self.has_change_permission(request, obj) else self.outcome),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.facts, *self.outcome)
