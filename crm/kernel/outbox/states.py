from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register

register(
    "job",
    {
        "queued": Status(_("Queued")),
        "running": Status(_("Running"), "accent", icon="progress"),
        "done": ok(_("Done"), icon="check"),
        "failed": bad(_("Failed"), icon="circle-x"),
        "cut_off": bad(pgettext_lazy("job", "Interrupted"), icon="circle-x"),
        "cancelled": Status(_("Cancelled")),
    },
    field="kernel.JobRun.state",
)
