"""Series in the admin site: to read."""

from django.contrib import admin

from crm.kernel.web.admin import KernelAdmin
from projects.series.models import Series, SeriesMember, SeriesPeriod


@admin.register(Series)
class SeriesAdmin(KernelAdmin):
    list_display = ("title", "client", "project", "kind", "started_on", "ended_on")
    list_select_related = ("client", "project")
    list_filter = ("kind",)
    search_fields = ("title", "client__name")


@admin.register(SeriesMember)
class SeriesMemberAdmin(KernelAdmin):
    list_display = ("series", "person", "contact")
    list_select_related = ("series", "person", "contact")


@admin.register(SeriesPeriod)
class SeriesPeriodAdmin(KernelAdmin):
    list_display = ("series", "first_on", "last_on", "meet_on", "level", "explained_at")
    list_select_related = ("series",)
    list_filter = ("level",)
