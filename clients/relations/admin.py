"""Interactions in the admin site: to read."""

from django.contrib import admin

from clients.relations.models import ContactPlan, Interaction, InteractionNote, Participant, Promise
from crm.kernel.web.admin import KernelAdmin


@admin.register(Interaction)
class InteractionAdmin(KernelAdmin):
    list_display = ("starts_at", "client", "kind", "state", "next_on", "recorded_by", "recorded_at")
    list_select_related = ("client", "recorded_by")
    list_filter = ("state", "kind")
    search_fields = ("client__name",)


@admin.register(Participant)
class ParticipantAdmin(KernelAdmin):
    list_display = ("interaction", "name", "title", "person")
    list_select_related = ("interaction", "person")


@admin.register(InteractionNote)
class InteractionNoteAdmin(KernelAdmin):
    list_display = ("interaction", "text", "added_by", "added_at")
    list_select_related = ("interaction", "added_by")


@admin.register(Promise)
class PromiseAdmin(KernelAdmin):
    list_display = ("what", "owner", "due_on", "state", "settled_at")
    list_select_related = ("owner", "interaction")
    list_filter = ("state",)


@admin.register(ContactPlan)
class ContactPlanAdmin(KernelAdmin):
    list_display = ("client", "last_on", "every_days", "due_on", "as_of")
    list_select_related = ("client",)
    search_fields = ("client__name",)
