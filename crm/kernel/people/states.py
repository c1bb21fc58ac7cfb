from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register, warn

register(
    "account",
    {
        "active": ok(_("Active"), icon="check"),
        "inactive": Status(_("Inactive"), icon="user-off"),
        "locked": bad(_("Locked"), icon="lock"),
    },
)
register(
    "api_key",
    {
        "waiting": warn(_("Waiting for confirmation"), icon="hourglass"),
        "active": ok(_("Active"), icon="check"),
        "ended": Status(pgettext_lazy("API key", "Ended"), icon="x"),
        "revoked": Status(pgettext_lazy("API key", "Revoked"), icon="ban"),
    },
)
register(
    "move",
    {
        "waiting": warn(_("Waiting for confirmation"), icon="hourglass"),
        "confirmed": ok(_("Confirmed"), icon="check"),
        "refused": Status(_("Refused"), icon="x"),
    },
    field="kernel.Move.state",
)
