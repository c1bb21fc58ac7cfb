from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register, warn

register(
    "contract",
    {
        "prepared": Status(_("To be checked"), "accent", icon="hourglass"),
        "in_force": ok(pgettext_lazy("contract", "In force"), icon="check"),
        "declined": bad(_("Declined"), icon="ban"),
    },
    field="projects.Contract.state",
)
register(
    "drawdown",
    {
        "requested": Status(pgettext_lazy("draw-down", "Waiting for release"), "accent", icon="hourglass"),
        "released": warn(pgettext_lazy("draw-down", "Released"), icon="hourglass"),
        "paid": ok(_("Paid out"), icon="check"),
        "declined": bad(_("Declined"), icon="ban"),
    },
    field="projects.Drawdown.state",
)
register(
    "capital",
    {
        "entered": Status(_("To be confirmed"), "accent", icon="hourglass"),
        "confirmed": ok(_("Confirmed"), icon="check"),
    },
)
register(
    "drawcheck",
    {
        "passed": ok(_("Passed"), icon="check"),
        "failed": bad(_("Not passed"), icon="ban"),
    },
)
