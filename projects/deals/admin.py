"""Deals in the admin site: to read. They are written through pages and API, decided through the review's case page."""

from django.contrib import admin

from crm.kernel.web.admin import KernelAdmin
from projects.deals.models import Project, ProjectDocument
from projects.deals.signatures import ReportSignature


@admin.register(Project)
class ProjectAdmin(KernelAdmin):
    list_display = ("name", "client", "amount", "currency", "status", "review_stage", "client__owner", "due_on")
    list_filter = ("status", "review_stage")
    list_select_related = ("client__owner",)
    search_fields = ("name",)
    exclude = ("grams", "sounds")


@admin.register(ProjectDocument)
class ProjectDocumentAdmin(KernelAdmin):
    list_display = ("title", "project", "kind", "file", "added_by", "added_at", "removed_at")
    list_filter = ("kind",)
    list_select_related = ("project", "file", "added_by")
    search_fields = ("title",)


@admin.register(ReportSignature)
class ReportSignatureAdmin(KernelAdmin):
    list_display = ("project", "document", "person_name", "sha256", "signed_at")
    list_select_related = ("project", "document")
    search_fields = ("person_name", "project__name")
