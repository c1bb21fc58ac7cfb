from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.states import Status, bad, ok, register

register(
    "identity",
    {
        "proposed": Status(_("Waiting for confirmation"), "accent", icon="hourglass"),
        "confirmed": ok(_("Confirmed"), icon="check"),
        "rejected": bad(_("Declined"), icon="ban"),
        "withdrawn": Status(_("Withdrawn"), "neutral", icon="arrow-back-up"),
    },
    field="risk.IdentityChange.status",
)
