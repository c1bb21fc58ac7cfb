"""Facilities in the admin site: read, and confirmed by who may; their balances are read."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from crm.kernel.access.checks import may
from crm.kernel.web.admin import KernelAdmin, ServiceAdmin, kept_columns
from projects.facilities.forms import AdminVerdictForm
from projects.facilities.models import Facility, FacilityBalance
from projects.facilities.policies import CONFIRM, SETTLED

WAITING = {Facility.State.ENTERED: CONFIRM, Facility.State.SETTLING: SETTLED}


@admin.register(Facility)
class FacilityAdmin(ServiceAdmin):
    """Who may confirm a facility or its settlement does so here too; everything else only reads."""

    change_form = AdminVerdictForm
    list_display = ("contract_no", "name", "client", "kind", "amount", "matures_on", "state")
    list_select_related = ("client",)
    list_filter = ("state", "kind")
    search_fields = ("contract_no", "client__name")
    facts = (
        "client",
        "contract_no",
        "name",
        "kind",
        "amount",
        "margin",
        "approved_on",
        "approved_by",
        "available_until",
        "matures_on",
        "state",
        "entered_by",
        "entered_at",
        "settled_on",
        "settlement_by",
    )
    outcome = ("decided_by", "decided_at", "decided_reason", "settled_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        if person is None or not isinstance(obj, Facility) or obj.state not in WAITING:
            return False
        return bool(may(person, WAITING[Facility.State(obj.state)], obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": self.get_fields(request, obj)})]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        more = ("verdict", "reason") if self.has_change_permission(request, obj) else self.outcome
        return kept_columns(Facility, (*self.facts, *more))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return kept_columns(Facility, (*self.facts, *self.outcome))


@admin.register(FacilityBalance)
class FacilityBalanceAdmin(KernelAdmin):
    list_display = ("facility", "as_of", "outstanding", "undrawn", "due_unpaid", "told_by", "told_at")
    list_select_related = ("facility", "told_by")
    search_fields = ("facility__contract_no",)
