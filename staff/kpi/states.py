from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.states import Status, ok, register

register(
    "kpi",
    {
        "preview": Status(_("Preview"), "accent", icon="progress"),
        "closed": Status(_("Locked"), icon="lock"),
    },
)
register(
    "kpi_scheme",
    {
        "draft": Status(_("Waiting for the second person"), "accent", icon="hourglass"),
        "published": ok(_("In force"), icon="check"),
        "withdrawn": Status(_("Withdrawn"), icon="arrow-back-up"),
    },
    field="staff.KpiScheme.status",
)
