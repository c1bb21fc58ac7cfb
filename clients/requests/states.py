from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register

register(
    "request",
    {
        "open": Status(pgettext_lazy("request", "Open"), "accent", icon="hourglass"),
        "answered": Status(pgettext_lazy("request", "Answered"), "accent", icon="messages"),
        "solved": ok(pgettext_lazy("request", "Solved"), icon="check"),
        "closed": Status(pgettext_lazy("request", "Closed"), "neutral", icon="check"),
        "late": bad(_("First answer overdue"), icon="clock"),
        "queued": Status(_("In the queue"), "neutral", icon="hourglass"),
        "reopened": Status(pgettext_lazy("request", "Reopened"), "warn", icon="history"),
    },
    field="clients.ServiceRequest.state",
)
