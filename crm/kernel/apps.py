"""The foundation: it knows none of the four apps."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "crm.kernel"
    label = "kernel"
    verbose_name = _("Foundation")

    def ready(self) -> None:
        """Register every app's policies, so that no model is ever read before its policy is known."""
        autodiscover_modules("policies")
