from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register

register(
    "interaction",
    {
        "planned": Status(pgettext_lazy("interaction", "Planned"), "accent", icon="calendar-event"),
        "held": ok(pgettext_lazy("interaction", "Held"), icon="check"),
        "cancelled": Status(pgettext_lazy("interaction", "Cancelled"), "neutral", icon="ban"),
        "no_minutes": bad(_("Minutes missing"), icon="pencil"),
    },
    field="clients.Interaction.state",
)
register(
    "promise",
    {
        "open": Status(pgettext_lazy("promise", "Open"), "accent", icon="hourglass"),
        "kept": ok(pgettext_lazy("promise", "Kept"), icon="check"),
        "dropped": Status(pgettext_lazy("promise", "Dropped"), "neutral", icon="ban"),
    },
    field="clients.Promise.state",
)
register("contact", {"overdue": bad(_("Contact overdue"), icon="calendar-event")})
