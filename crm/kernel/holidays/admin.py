"""Holiday notices in the admin site: one enters, the preview shows what moves, a second releases."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import may
from crm.kernel.holidays import selectors
from crm.kernel.holidays.forms import EnterForm, ReleaseForm
from crm.kernel.holidays.models import HolidayNotice
from crm.kernel.holidays.policies import RELEASING
from crm.kernel.text.numbers import MISSING
from crm.kernel.web.admin import ServiceAdmin, kept_columns


@admin.register(HolidayNotice)
class HolidayNoticeAdmin(ServiceAdmin):
    """A draft is entered by one administrator and released by another; everything else only reads."""

    add_form, change_form = EnterForm, ReleaseForm
    list_display = ("year", "version", "number", "status", "entered_by", "released_by", "released_at")
    list_select_related = ("entered_by", "released_by")
    list_filter = ("status", "year")
    search_fields = ("number",)
    facts = ("year", "version", "number", "status", "notice_days", "entered_by", "entered_at")
    outcome = ("released_by", "released_at")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        if person is None or not isinstance(obj, HolidayNotice) or obj.status != HolidayNotice.Status.DRAFT:
            return False
        return bool(may(person, "release", obj)) or bool(may(person, "withdraw", obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": self.get_fields(request, obj)})]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("year", "number", "lines", "file")
        if self.has_change_permission(request, obj):
            return kept_columns(HolidayNotice, (*self.facts, *self._preview(request, obj), "verdict", "reason"))
        return kept_columns(HolidayNotice, (*self.facts, *self._preview(request, obj), *self.outcome))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return kept_columns(HolidayNotice, (*self.facts, "what_moves", *self.outcome)) if obj else ()

    def _preview(self, request: HttpRequest, obj: HolidayNotice) -> tuple[str, ...]:
        """Only who decides on a draft sees what it moves; the numbers of records are nobody else's business."""
        person = getattr(request, "person", None)
        draft = obj.status == HolidayNotice.Status.DRAFT
        return ("what_moves",) if person is not None and draft and not person.roles.isdisjoint(RELEASING) else ()

    @admin.display(description=_("days of the notice"))
    def notice_days(self, obj: HolidayNotice) -> SafeString | str:
        return format_html_join("", "<div>{} {} {}</div>", obj.days) or MISSING

    @admin.display(description=_("open deadlines that the release moves"))
    def what_moves(self, obj: HolidayNotice) -> str:
        context = {"moved": selectors.list_moved(obj), "changed": selectors.list_changed_days(obj)}
        return render_to_string("admin/kernel/holiday_preview.html", context)
