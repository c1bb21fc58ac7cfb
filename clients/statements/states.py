from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, ok, register

register(
    "statement",
    {
        "draft": Status(pgettext_lazy("statement", "Draft"), "neutral", icon="pencil"),
        "checked": Status(_("Waiting for confirmation"), "accent", icon="hourglass"),
        "confirmed": ok(pgettext_lazy("statement", "Confirmed"), icon="check"),
        "superseded": Status(pgettext_lazy("statement", "Superseded"), "neutral", icon="history"),
        "void": Status(pgettext_lazy("statement", "Void"), "neutral", icon="ban"),
    },
    field="clients.Statement.state",
)
