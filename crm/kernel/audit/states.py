from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.states import Status, bad, ok, register, warn

register(
    "audit",
    {
        "done": Status(_("Done"), icon="check"),
        "refused": warn(_("Refused"), icon="ban"),
        "failed": bad(_("Failed"), icon="circle-x"),
        "sealed": ok(_("Sealed"), icon="lock"),
        "unsealed": Status(_("Not sealed yet"), icon="hourglass"),
    },
)
