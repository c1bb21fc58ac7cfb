"""Cash-flow models in the admin site: read."""

from django.contrib import admin

from crm.kernel.web.admin import KernelAdmin
from projects.cashflow.models import CashflowModel


@admin.register(CashflowModel)
class CashflowModelAdmin(KernelAdmin):
    list_display = ("project", "number", "revenue_type", "min_dscr", "verdict", "state", "made_by", "confirmed_by")
    list_select_related = ("project", "made_by", "confirmed_by")
    list_filter = ("state", "verdict", "revenue_type")
    search_fields = ("project__name",)
