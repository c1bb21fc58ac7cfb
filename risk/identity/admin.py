"""Changes of identity in the admin site: to read."""

from django.contrib import admin

from crm.kernel.web.admin import KernelAdmin
from risk.identity.models import IdentityChange


@admin.register(IdentityChange)
class IdentityChangeAdmin(KernelAdmin):
    list_display = ("client", "former_name", "name", "status", "proposed_by", "decided_by", "proposed_at")
    list_filter = ("status",)
    list_select_related = ("client", "proposed_by", "decided_by")
    search_fields = ("former_name", "name")
