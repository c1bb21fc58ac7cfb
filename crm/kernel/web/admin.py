"""Django's admin under our policies: they say who sees which rows, and nothing is written but through services."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from crm.kernel.access.checks import may


class SanshenAdminSite(admin.AdminSite):
    """The admin site with the house's own login."""

    enable_nav_sidebar = True

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        target = request.GET.get("next") or reverse("admin:index")
        if self.has_permission(request):
            return redirect(reverse("admin:index"))
        return redirect(f"{reverse('login')}?{urlencode({'next': target})}")

    def has_permission(self, request: HttpRequest) -> bool:
        return getattr(request, "person", None) is not None


class SanshenAdminConfig(AdminConfig):
    default_site = "crm.kernel.web.admin.SanshenAdminSite"


class KernelAdmin(admin.ModelAdmin):
    """Read-only over `visible_to`. A subclass that lets people act gives its own views, which call services."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).visible_to(request.person)  # type: ignore[attr-defined]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return getattr(request, "person", None) is not None

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        return person is not None and bool(may(person, "view", obj or self.model))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
