from django.utils.translation import gettext_lazy as _

from crm.kernel import modules
from crm.kernel.audit.context import use_clock
from crm.kernel.workdays import clock


class KernelConfig(modules.ModularConfig):
    """The foundation: it knows none of the apps."""

    name = "crm.kernel"
    label = "kernel"
    verbose_name = _("Foundation")
    modules = (
        "audit",
        "access",
        "workdays",
        "web",
        "outbox",
        "people",
        "parameters",
        "attachments",
        "notify",
        "worklist",
    )

    def ready(self) -> None:
        """Hand the clock of the working days down to the audit trail, which may import nothing."""
        use_clock(clock.now)
        super().ready()
