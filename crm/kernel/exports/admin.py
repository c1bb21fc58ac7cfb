"""Exports in the admin site, to be read."""

from django.contrib import admin

from crm.kernel.exports.models import ExportRun
from crm.kernel.web.admin import KernelAdmin


@admin.register(ExportRun)
class ExportRunAdmin(KernelAdmin):
    """Who exported what for which purpose, when, how it ended."""

    list_display = ("title", "format", "total", "state", "person", "purpose", "created_at", "expires_at")
    list_select_related = ("person",)
    list_filter = ("state",)
    search_fields = ("title", "person__name")
    fields = (*list_display, "path", "done", "reason", "finished_at", "size", "sha256")
