"""The committee in the admin site: read; a member votes on the page of the hearing."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from crm.kernel.access.checks import may
from crm.kernel.web.admin import KernelAdmin, ServiceAdmin, kept_columns
from risk.committee.forms import AdminVoteForm
from risk.committee.models import AgendaItem, Meeting, Vote


@admin.register(Meeting)
class MeetingAdmin(KernelAdmin):
    """Meetings with their minutes."""

    list_display = ("number", "held_on", "place", "secretary", "status")
    list_filter = ("status",)
    list_select_related = ("secretary",)
    search_fields = ("number", "place")


@admin.register(AgendaItem)
class AgendaItemAdmin(ServiceAdmin):
    """Hearings; who has a vote in an open ballot casts it here, everything else only reads."""

    change_form = AdminVoteForm
    list_display = ("case", "meeting", "hearing", "status", "result")
    list_select_related = ("case", "meeting")
    list_filter = ("status", "result")
    search_fields = ("case__number", "meeting__number")
    facts = ("meeting", "case", "hearing", "presenter", "chair", "status", "seats", "dossier_sha256")
    outcome = ("opened_at", "closed_at", "present", "votes_for", "result")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        if person is None or not isinstance(obj, AgendaItem) or obj.status != AgendaItem.Status.VOTING:
            return False
        return bool(may(person, "vote", obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": self.get_fields(request, obj)})]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        votes = self.has_change_permission(request, obj)
        return kept_columns(self.model, (*self.facts, *(("vote", "words", "points") if votes else self.outcome)))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return kept_columns(self.model, (*self.facts, *self.outcome))


@admin.register(Vote)
class VoteAdmin(KernelAdmin):
    """Votes, as they were cast; those of others once the result stands."""

    list_display = ("item", "person", "kind", "cast_at")
    list_filter = ("kind",)
    list_select_related = ("item", "person")
    search_fields = ("person__name",)
