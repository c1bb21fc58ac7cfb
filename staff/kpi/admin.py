"""KPI in the admin site: to read. Sheets are left out there: they name rows that not every reader may see."""

from django.contrib import admin

from crm.kernel.web.admin import KernelAdmin
from staff.kpi.models import KpiCorrection, KpiPeriod, KpiResult, KpiScheme


@admin.register(KpiPeriod)
class KpiPeriodAdmin(KernelAdmin):
    list_display = ("code", "starts_on", "ends_on", "computed_at", "closed_at", "closed_by", "people")
    list_select_related = ("closed_by",)


@admin.register(KpiResult)
class KpiResultAdmin(KernelAdmin):
    list_display = ("person", "period", "department", "points", "measured", "computed_at")
    list_filter = ("period",)
    list_select_related = ("person", "period", "department")
    search_fields = ("person__name",)
    exclude = ("document",)
    # By name: points out of different weights are not ranked beside each other.
    ordering = ("-period__starts_on", "person__name_pinyin")


@admin.register(KpiCorrection)
class KpiCorrectionAdmin(KernelAdmin):
    list_display = ("person", "period", "appears_in", "measure", "points", "entered_by", "entered_at")
    list_select_related = ("person", "period", "appears_in", "entered_by")
    exclude = ("before", "after")


@admin.register(KpiScheme)
class KpiSchemeAdmin(KernelAdmin):
    list_display = ("post", "number", "effective_from", "status", "proposed_by", "approved_by")
    list_filter = ("status",)
    list_select_related = ("post", "proposed_by", "approved_by")
