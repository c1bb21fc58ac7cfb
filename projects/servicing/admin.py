"""Plans and repayments in the admin site: read, confirmed and reversed by who may."""

from django.contrib import admin

from crm.kernel.web.admin import KernelAdmin
from projects.funding.admin import Decided
from projects.servicing.forms import AdminPlanForm, AdminReverseForm
from projects.servicing.models import Instalment, Repayment, RepaymentPart, RepaymentPlan
from projects.servicing.policies import CONFIRM, REVERSE


@admin.register(RepaymentPlan)
class RepaymentPlanAdmin(Decided):
    waiting, action = RepaymentPlan.State.PREPARED, CONFIRM
    change_form = AdminPlanForm
    list_display = ("contract", "version", "kind", "amount", "state", "prepared_by", "prepared_at")
    list_select_related = ("contract", "prepared_by")
    list_filter = ("state",)
    search_fields = ("contract__number",)
    facts = (
        "contract",
        "version",
        "kind",
        "amount",
        "starts_on",
        "months",
        "grace",
        "note",
        "state",
        "prepared_by",
        "prepared_at",
    )
    outcome = ("checked_by", "checked_at", "declined_reason")


@admin.register(Repayment)
class RepaymentAdmin(Decided):
    waiting, action = Repayment.State.BOOKED, REVERSE
    change_form = AdminReverseForm
    asked = ("reason",)
    list_display = ("contract", "reference", "amount", "value_date", "state", "entered_by")
    list_select_related = ("contract", "entered_by")
    list_filter = ("state",)
    search_fields = ("reference", "contract__number")
    facts = (
        "contract",
        "reference",
        "amount",
        "value_date",
        "is_prepayment",
        "state",
        "entered_by",
        "entered_at",
    )
    outcome = ("reversed_by", "reversed_at", "reversed_reason")


@admin.register(Instalment)
class InstalmentAdmin(KernelAdmin):
    list_display = ("plan", "number", "due_on", "owed_principal", "owed_interest", "paid_principal", "paid_interest")
    list_select_related = ("plan__contract",)
    list_filter = ("is_current",)
    search_fields = ("plan__contract__number",)


@admin.register(RepaymentPart)
class RepaymentPartAdmin(KernelAdmin):
    list_display = ("repayment", "kind", "amount", "cause", "booked_at")
    list_select_related = ("repayment", "cause")
    list_filter = ("kind",)
    search_fields = ("repayment__reference",)
