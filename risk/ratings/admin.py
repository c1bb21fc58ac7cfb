"""Grades in the admin site: to read. Two risk assessors give them through page or API."""

from django.contrib import admin

from crm.kernel.web.admin import KernelAdmin
from risk.ratings.models import Rating


@admin.register(Rating)
class RatingAdmin(KernelAdmin):
    list_display = ("client", "grade", "status", "valid_until", "entered_by", "confirmed_by", "entered_at")
    list_filter = ("status", "grade")
    list_select_related = ("client", "entered_by", "confirmed_by")
    search_fields = ("client__name",)
