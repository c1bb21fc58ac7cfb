from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, register

register(
    "notice",
    {
        "unread": Status(_("Unread"), "accent", icon="bell"),
        "escalated": bad(_("Escalation"), icon="clock-exclamation"),
        "read": Status(pgettext_lazy("notice", "Read"), icon="check"),
    },
)
