from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.states import Status, register

register(
    "calendar",
    {
        "provisional": Status(_("Provisional"), icon="calendar-question"),
    },
)
