"""Imports in the admin site, to be read."""

from django.contrib import admin

from crm.kernel.imports.models import ImportRun
from crm.kernel.web.admin import KernelAdmin


@admin.register(ImportRun)
class ImportRunAdmin(KernelAdmin):
    """Who imported what, when, how it ended."""

    list_display = ("file", "entity", "total", "state", "person", "created_at", "undone_at")
    list_select_related = ("file", "person")
    list_filter = ("state",)
    search_fields = ("file__name", "person__name")
    fields = ("file", "entity", "total", "state", "person", "created_at", "finished_at", "undone_at")
