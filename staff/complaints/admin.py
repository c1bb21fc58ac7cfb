"""Complaints in the admin site: to read. Every act goes through page or API, where the services ask."""

from django.contrib import admin

from crm.kernel.web.admin import KernelAdmin
from staff.complaints.models import (
    Complaint,
    ComplaintClaim,
    ComplaintEvent,
    ComplaintRecheck,
    DeclaredRelation,
    Extension,
)


@admin.register(Complaint)
class ComplaintAdmin(KernelAdmin):
    list_display = ("number", "title", "grade", "status", "responsible", "received_on", "due_on")
    list_filter = ("status", "grade", "channel")
    list_select_related = ("responsible",)
    search_fields = ("number",)
    exclude = (
        "complainant_name",
        "complainant_phone",
        "complainant_email",
        "proxy_name",
        # Named to few; here stand the words that were given.
        "client",
        "project",
        "phone_hash",
        "code_hash",
        "responsible_part",
    )


@admin.register(ComplaintEvent)
class ComplaintEventAdmin(KernelAdmin):
    list_display = ("complaint", "kind", "person", "at")
    list_filter = ("kind",)
    list_select_related = ("complaint", "person")


@admin.register(ComplaintClaim)
class ComplaintClaimAdmin(KernelAdmin):
    list_display = ("complaint", "person", "what", "claimed_by", "is_confirmed", "decided_by")
    list_filter = ("what", "is_confirmed")
    list_select_related = ("complaint", "person", "claimed_by", "decided_by")


@admin.register(ComplaintRecheck)
class ComplaintRecheckAdmin(KernelAdmin):
    list_display = ("complaint", "requested_on", "due_none", "verdict", "answered_by", "answered_on")
    list_filter = ("verdict",)
    list_select_related = ("complaint", "answered_by")


@admin.register(Extension)
class ExtensionAdmin(KernelAdmin):
    list_display = ("complaint", "step", "days", "due_before", "is_approved", "decided_by", "told_on")
    list_filter = ("step", "is_approved")
    list_select_related = ("complaint", "decided_by")


@admin.register(DeclaredRelation)
class DeclaredRelationAdmin(KernelAdmin):
    list_display = ("person", "kind", "related_person", "declared_at", "ended_on")
    list_filter = ("kind",)
    list_select_related = ("person", "related_person")
    exclude = ("related_hash",)
