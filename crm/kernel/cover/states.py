from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register

register(
    "cover",
    {
        "asked": Status(_("Waiting for confirmation"), "accent", icon="hourglass"),
        "confirmed": ok(_("In force"), icon="check"),
        "coming": Status(_("Not yet begun"), "accent", icon="calendar"),
        "over": Status(_("Over"), "neutral"),
        "refused": bad(_("Refused"), icon="ban"),
        "ended": Status(pgettext_lazy("cover", "Ended early"), "neutral", icon="x"),
    },
    field="kernel.Cover.state",
)
