"""Client requests in the admin site: to read."""

from django.contrib import admin

from clients.requests.models import RequestStep, ServiceRequest
from crm.kernel.web.admin import KernelAdmin


@admin.register(ServiceRequest)
class ServiceRequestAdmin(KernelAdmin):
    list_display = ("asked_at", "client", "kind", "channel", "state", "owner", "answer_by", "answered_at", "solved_at")
    list_select_related = ("client", "owner")
    list_filter = ("state", "kind", "channel")
    search_fields = ("client__name",)


@admin.register(RequestStep)
class RequestStepAdmin(KernelAdmin):
    list_display = ("request", "kind", "added_by", "added_at")
    list_select_related = ("request", "added_by")
