from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RiskConfig(AppConfig):
    """Ratings, reviews and warnings. A wing's policies are in force from the start, whichever door is used first."""

    name = "risk"
    label = "risk"
    verbose_name = _("Risk")

    def ready(self) -> None:
        for wing in ("ratings", "reviews", "indicators"):
            import_module(f"risk.{wing}.policies")
