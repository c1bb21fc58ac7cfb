from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.states import Status, bad, register, warn

register(
    "warning",
    {
        "red": bad(_("Red"), icon="alert-octagon"),
        "amber": warn(_("Amber"), icon="alert-triangle"),
        "watched": Status(_("Under observation"), icon="eye"),
        "closed": Status(_("Closed"), icon="check"),
    },
)
