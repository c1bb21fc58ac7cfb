from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.states import Status, bad, ok, register

register(
    "account",
    {
        "active": ok(_("Active"), icon="check"),
        "inactive": Status(_("Inactive"), icon="user-off"),
        "locked": bad(_("Locked"), icon="lock"),
    },
)
