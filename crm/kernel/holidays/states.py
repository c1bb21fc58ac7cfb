from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.states import Status, bad, ok, register

register(
    "holiday_notice",
    {
        "draft": Status(_("Waiting for release"), "accent", icon="hourglass"),
        "released": ok(_("Released"), icon="check"),
        "withdrawn": bad(_("Withdrawn"), icon="ban"),
    },
    field="kernel.HolidayNotice.status",
)
