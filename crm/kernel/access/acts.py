from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, Kept, register

register(
    Act(
        "access.granted",
        _("Access granted"),
        {
            "action": _("Action"),
            "source": _("Source"),
            "reason": _("Reason"),
            "given_to": Kept(_("granted to"), "kernel.Person"),
            "taken": Kept(_("taken from"), "kernel.Person"),
        },
    ),
)
