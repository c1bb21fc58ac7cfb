"""Covers in the admin site: read, and decided by who may confirm them."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from crm.kernel.access.checks import may
from crm.kernel.cover.forms import AdminVerdictForm
from crm.kernel.cover.policies import CONFIRM
from crm.kernel.people.models import Cover
from crm.kernel.web.admin import ServiceAdmin, kept_columns


@admin.register(Cover)
class CoverAdmin(ServiceAdmin):
    """Who may confirm a cover does so here too; everything else only reads."""

    change_form = AdminVerdictForm
    list_display = ("letter_no", "person", "deputy", "kind", "starts_on", "ends_on", "ceiling", "state")
    list_select_related = ("person", "deputy")
    list_filter = ("state", "kind")
    search_fields = ("letter_no", "person__name", "deputy__name")
    facts = (
        "letter_no",
        "person",
        "deputy",
        "kind",
        "starts_on",
        "ends_on",
        "scope",
        "ceiling",
        "is_suspended",
        "state",
        "asked_by",
        "asked_at",
    )
    outcome = ("decided_by", "decided_at", "ended_by", "ended_at", "end_reason")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        if person is None or not isinstance(obj, Cover) or obj.state != Cover.State.ASKED:
            return False
        return bool(may(person, CONFIRM, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": self.get_fields(request, obj)})]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        more = ("verdict", "reason") if self.has_change_permission(request, obj) else self.outcome
        return kept_columns(Cover, (*self.facts, *more))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return kept_columns(Cover, (*self.facts, *self.outcome))
