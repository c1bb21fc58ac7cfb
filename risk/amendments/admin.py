"""Requested changes and the versions of the terms in the admin site: read; a case is decided on its own page."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy

from crm.kernel.web.admin import KernelAdmin
from risk.amendments.models import Amendment, TermsVersion


@admin.register(Amendment)
class AmendmentAdmin(KernelAdmin):
    """Every round of every amendment, as it was asked for."""

    list_display = ("case", "project", "round", "status", "is_extension", "asked_by", "asked_at")
    list_filter = ("is_extension", "case__status")
    list_select_related = ("case__project", "asked_by")
    search_fields = ("case__number", "case__project__name")

    @admin.display(description=gettext_lazy("Project"))
    def project(self, obj: Amendment) -> Any:
        return obj.case.project.name

    @admin.display(description=gettext_lazy("Status"))
    def status(self, obj: Amendment) -> Any:
        return obj.case.get_status_display()


@admin.register(TermsVersion)
class TermsVersionAdmin(KernelAdmin):
    """The decided terms of each project, version by version."""

    list_display = ("project", "number", "amendment", "decided_at")
    list_select_related = ("project", "amendment__case")
    search_fields = ("project__name", "amendment__case__number")
