from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register

register(
    Work(
        "count exposures anew",
        "projects.facilities.tasks.refresh_exposures",
        time(0, 15),
        _("What can no longer be drawn leaves the client's exposure the night after its last day"),
        label=_("Recompute exposures"),
    ),
)
