from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.states import Status, bad, ok, register

register(
    "waiver",
    {
        "asked": Status(_("Waiting for a decision"), "accent", icon="hourglass"),
        "granted": ok(_("Waived"), icon="check"),
        "declined": bad(_("Declined"), icon="ban"),
        "replaced": Status(_("Replaced by a later request"), "neutral"),
    },
    field="risk.GateWaiver.status",
)
