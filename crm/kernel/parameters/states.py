from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.states import Status, bad, ok, register

register(
    "parameter",
    {
        "draft": Status(_("Draft"), icon="pencil"),
        "proposed": Status(_("Waiting for the second person"), "accent", icon="hourglass"),
        "in_force": ok(_("In force"), icon="check"),
        "superseded": Status(_("Replaced"), icon="history"),
        "rejected": bad(_("Rejected"), icon="ban"),
    },
)
