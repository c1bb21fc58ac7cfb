"""Standing in the admin site: to read."""

from django.contrib import admin

from clients.standing.models import StandingFact
from crm.kernel.web.admin import KernelAdmin


@admin.register(StandingFact)
class StandingFactAdmin(KernelAdmin):
    """What was told about clients the person may see."""

    list_display = ("client", "key", "value", "as_of", "source", "recorded_at")
    list_filter = ("key",)
    list_select_related = ("client",)
