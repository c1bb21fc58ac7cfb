from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from crm.kernel import modules
from crm.kernel.audit.context import use_clock
from crm.kernel.audit.proof import store_key
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
        "cover",
        "worklist",
        "holidays",
        "imports",
        "exports",
    )

    def ready(self) -> None:
        """Hand the clock of the working days down to the audit trail, which may import nothing.

        The audit trail's key goes into the database after each migration."""
        use_clock(clock.now)
        post_migrate.connect(store_key, sender=self)
        super().ready()
