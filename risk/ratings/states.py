from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.states import Status, bad, ok, register, warn

register(
    "rating",
    {
        "proposed": Status(_("Waiting for confirmation"), "accent", icon="hourglass"),
        "pending": Status(_("Waiting for confirmation"), "accent", icon="hourglass"),
        "confirmed": ok(_("Confirmed"), icon="check"),
        "valid": ok(_("Valid"), icon="check"),
        "expiring": warn(_("Expires soon"), icon="hourglass"),
        "ends_today": warn(_("Expires today"), icon="clock"),
        "expired": bad(_("Expired"), icon="file-x"),
        "superseded": Status(_("Replaced"), icon="history"),
        "declined": bad(_("Declined"), icon="ban"),
    },
)
