"""The foundation: it knows none of the four apps."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from crm.kernel.audit.context import use_clock
from crm.kernel.workdays import clock


class KernelConfig(AppConfig):
    name = "crm.kernel"
    label = "kernel"
    verbose_name = _("Foundation")

    def ready(self) -> None:
        """Hand the house's clock down to audit; register every app's policies before any model is read, and what every
        app does when something is due and the words it tells people.
        """
        use_clock(clock.now)
        autodiscover_modules("policies", "outbox_handlers", "notices")
