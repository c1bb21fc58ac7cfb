"""Limits in the admin site: to read. They are proposed and decided through page or API."""

from django.contrib import admin

from crm.kernel.web.admin import KernelAdmin
from risk.limits.models import CreditLimit


@admin.register(CreditLimit)
class CreditLimitAdmin(KernelAdmin):
    list_display = ("client", "grade", "amount", "cut_to", "status", "valid_until", "entered_by", "decided_by")
    list_filter = ("status", "grade")
    list_select_related = ("client", "entered_by", "decided_by")
    search_fields = ("client__name",)
