from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import bad, register, warn

register(
    "appointment",
    {
        "overlaps": warn(_("Same time"), icon="alert-triangle"),
        "absent": warn(_("You are away"), icon="calendar-user"),
        "late": bad(pgettext_lazy("to-do", "Overdue"), icon="clock"),
    },
)
