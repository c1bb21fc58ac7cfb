from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register, warn

register(
    "series",
    {
        "running": ok(pgettext_lazy("series", "Running"), icon="refresh"),
        "ended": Status(pgettext_lazy("series", "Ended"), "neutral", icon="ban"),
    },
)
register(
    "period",
    {
        "planned": Status(pgettext_lazy("interaction", "Planned"), "accent", icon="calendar-event"),
        "held": ok(pgettext_lazy("interaction", "Held"), icon="check"),
        "open": Status(_("No meeting planned"), "neutral", icon="hourglass"),
        "amber": warn(_("Not held yet"), icon="clock"),
        "red": bad(_("Missed"), icon="alert-octagon"),
        "explained": Status(_("Missed, explained"), "neutral", icon="message"),
        "off": Status(_("No working day"), "neutral", icon="calendar"),
    },
)
