"""Warnings in the admin site: to read. The night opens them, people answer and close them through page or API."""

from django.contrib import admin

from crm.kernel.web.admin import KernelAdmin
from risk.indicators.models import NightRun, WarningEpisode, WarningObservation


@admin.register(WarningEpisode)
class WarningAdmin(KernelAdmin):
    list_display = ("client", "indicator", "level", "owner", "opened_on", "due_on", "escalated_on", "closed_on")
    list_filter = ("level", "indicator")
    list_select_related = ("client", "owner")
    search_fields = ("client__name",)


@admin.register(WarningObservation)
class ObservationAdmin(KernelAdmin):
    list_display = ("warning", "kind", "on", "level", "value", "by")
    list_filter = ("kind",)
    list_select_related = ("warning", "by")


@admin.register(NightRun)
class NightRunAdmin(KernelAdmin):
    list_display = ("as_of", "state", "clients", "counts", "started_at", "finished_at")
    list_filter = ("state",)
