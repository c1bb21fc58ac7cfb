from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.states import Status, bad, ok, register, warn

register(
    "credit_limit",
    {
        "proposed": Status(_("Waiting for a decision"), "accent", icon="hourglass"),
        "in_force": ok(_("In force"), icon="check"),
        "cut": warn(_("Cut"), icon="arrow-down"),
        "ended": bad(_("Ended"), icon="file-x"),
        "replaced": Status(_("Replaced"), icon="history"),
        "declined": bad(_("Declined"), icon="ban"),
    },
)
