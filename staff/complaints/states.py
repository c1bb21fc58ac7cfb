from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register, warn

register(
    "complaint",
    {
        "general": Status(_("General"), icon="message-report"),
        "major": bad(_("Major"), icon="flame"),
    },
)
register(
    "complaint_stage",
    {
        "received": Status(_("Waiting for acceptance"), "accent", icon="hourglass"),
        "investigating": Status(_("Under investigation"), icon="search"),
        "review": Status(_("Waiting for the second person"), "accent", icon="user-check"),
        "to_reply": Status(_("Waiting for the reply"), "accent", icon="pencil"),
        "replied": ok(_("Replied"), icon="check"),
        "closed": Status(pgettext_lazy("complaint", "Closed"), icon="circle-check"),
        "paused": warn(_("Clock paused"), icon="clock"),
    },
    field="staff.Complaint.status",
)
