"""The working calendar in the admin site, to look at."""

from django.contrib import admin

from crm.kernel.web.admin import KernelAdmin
from crm.kernel.workdays.models import CalendarDay


@admin.register(CalendarDay)
class CalendarDayAdmin(KernelAdmin):
    list_display = ("date", "is_workday", "name", "status", "source")
    list_filter = ("status", "is_workday")
    date_hierarchy = "date"
