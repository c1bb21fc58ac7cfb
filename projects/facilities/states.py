from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register, warn

register(
    "facility",
    {
        "entered": Status(_("Waiting for confirmation"), "accent", icon="hourglass"),
        "confirmed": ok(pgettext_lazy("facility", "In force"), icon="check"),
        "settling": warn(_("Settlement to be confirmed"), icon="hourglass"),
        "settled": Status(_("Settled"), "neutral", icon="check"),
        "refused": bad(_("Declined"), icon="ban"),
        "withdrawn": Status(_("Withdrawn"), "neutral", icon="arrow-back-up"),
    },
    field="projects.Facility.state",
)
