"""Financial statements in the admin site: read, and confirmed or returned by who may."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from clients.statements.forms import AdminVerdictForm
from clients.statements.models import Statement, StatementLine, StatementReason
from clients.statements.policies import CONFIRM
from crm.kernel.access.checks import may
from crm.kernel.web.admin import KernelAdmin, ServiceAdmin, kept_columns


@admin.register(Statement)
class StatementAdmin(ServiceAdmin):
    """Who may confirm a set does so here too; everything else only reads."""

    change_form = AdminVerdictForm
    list_display = ("period_end", "scope", "client", "months", "opinion", "state")
    list_select_related = ("client",)
    list_filter = ("state", "scope")
    search_fields = ("client__name",)
    facts = ("client", *Statement.FACTS, "paper", "replaces", "reason", "state", "made_by", "made_at")
    outcome = ("checked_by", "checked_at", "confirmed_by", "confirmed_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        if person is None or not isinstance(obj, Statement) or obj.state != Statement.State.CHECKED:
            return False
        return bool(may(person, CONFIRM, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": self.get_fields(request, obj)})]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        facts = tuple(name for name in self.facts if name != "reason")
        if self.has_change_permission(request, obj):
            return kept_columns(Statement, (*facts, "checked_by", "checked_at", "verdict", "reason"))
        return kept_columns(Statement, (*self.facts, *self.outcome))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        named: tuple[str, ...] = (*self.facts, *self.outcome)
        if self.has_change_permission(request, obj):
            named = tuple(name for name in named if name != "reason")
        return kept_columns(Statement, named)


@admin.register(StatementLine)
class StatementLineAdmin(KernelAdmin):
    list_display = ("statement", "code", "column", "value")
    list_select_related = ("statement",)
    search_fields = ("code",)


@admin.register(StatementReason)
class StatementReasonAdmin(KernelAdmin):
    list_display = ("statement", "key", "kind", "text", "given_by", "given_at")
    list_select_related = ("statement", "given_by")
    search_fields = ("text",)
