from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    """Complaints and KPI. A wing's policies are in force from the start, whichever door is used first."""

    name = "staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        for wing in ("complaints", "kpi"):
            import_module(f"staff.{wing}.policies")
