"""Deliveries in the admin site: what waits, what was given up and why; a dead letter is delivered again by hand."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from crm.kernel.access.checks import get_visible, may
from crm.kernel.access.errors import Conflict
from crm.kernel.outbox import services
from crm.kernel.outbox.models import DueItem
from crm.kernel.web.admin import KernelAdmin


class Redeliver(View):
    """One press of the button on a dead letter."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = request.person  # type: ignore[attr-defined]
        try:
            services.redeliver(item=get_visible(DueItem, person, pk=pk), by=person)
            messages.success(request, _("Delivery is being retried."))
        except Conflict as error:
            messages.error(request, str(error.message))
        return HttpResponseRedirect(reverse("admin:kernel_dueitem_change", args=[pk]))


@admin.register(DueItem)
class DueItemAdmin(KernelAdmin):
    """Everything but what the delivery says: that is its recipient's."""

    list_display = ("kind", "object_type", "object_id", "recipient", "due_at", "state", "attempts", "next_try_at")
    list_select_related = ("recipient",)
    list_filter = ("state", "kind")
    change_form_template = "admin/kernel/delivery.html"
    fields = (*list_display, "done_at", "last_error")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(Redeliver.as_view())
        return [path("<int:pk>/redeliver/", view, name="kernel_dueitem_redeliver"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        item = self.get_object(request, object_id)
        person = request.person  # type: ignore[attr-defined]
        dead = item if item is not None and item.state == DueItem.State.DEAD else None
        shown = {"may_redeliver": dead is not None and bool(may(person, "redeliver", dead)), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, shown)
