"""Contracts and draw-downs in the admin site: read, and decided by who may."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from crm.kernel.access.checks import may
from crm.kernel.web.admin import KernelAdmin, ServiceAdmin, kept_columns
from projects.funding.forms import AdminContractForm, AdminDrawdownForm
from projects.funding.models import CapitalPayment, Contract, Drawdown, Payee
from projects.funding.policies import CONFIRM, RELEASE


class Decided(ServiceAdmin):
    """Who may give the second word does so here too; everything else only reads."""

    waiting = ""
    action = ""
    facts: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    asked: tuple[str, ...] = ("verdict", "reason")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        if person is None or obj is None or getattr(obj, "state", "") != self.waiting:
            return False
        return bool(may(person, self.action, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": self.get_fields(request, obj)})]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        more = self.asked if self.has_change_permission(request, obj) else self.outcome
        return kept_columns(self.model, (*self.facts, *more))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return kept_columns(self.model, (*self.facts, *self.outcome))


@admin.register(Contract)
class ContractAdmin(Decided):
    waiting, action = Contract.State.PREPARED, CONFIRM
    change_form = AdminContractForm
    list_display = ("number", "project", "amount", "signed_on", "matures_on", "state")
    list_select_related = ("project",)
    list_filter = ("state",)
    search_fields = ("number", "project__name")
    facts = (
        "project",
        "number",
        "amount",
        "signed_on",
        "available_until",
        "matures_on",
        "rate",
        "repayment",
        "state",
        "prepared_by",
        "prepared_at",
    )
    outcome = ("checked_by", "checked_at", "declined_reason")


@admin.register(Drawdown)
class DrawdownAdmin(Decided):
    waiting, action = Drawdown.State.REQUESTED, RELEASE
    change_form = AdminDrawdownForm
    list_display = ("contract", "number", "amount", "state", "requested_by", "requested_at")
    list_select_related = ("contract", "requested_by")
    list_filter = ("state",)
    search_fields = ("contract__number",)
    facts = ("contract", "number", "amount", "purpose", "state", "requested_by", "requested_at")
    outcome = ("decided_by", "decided_at", "decided_reason", "paid_on", "paid_by")


@admin.register(CapitalPayment)
class CapitalPaymentAdmin(KernelAdmin):
    list_display = ("contract", "amount", "paid_on", "entered_by", "confirmed_by")
    list_select_related = ("contract", "entered_by", "confirmed_by")
    search_fields = ("contract__number",)


@admin.register(Payee)
class PayeeAdmin(KernelAdmin):
    list_display = ("drawdown", "name", "amount", "is_entrusted", "invoice_no")
    list_select_related = ("drawdown__contract",)
    search_fields = ("name", "invoice_no")
