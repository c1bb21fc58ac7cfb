from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, register

register(
    Act(
        "audit.exported",
        _("Audit trail exported"),
        {"from_seq": _("from number"), "to_seq": _("to number")},
        watch="rights",
    ),
)
register(
    Act(
        "request.refusals_counted",
        _("Refusals of visitors counted"),
        {"hour": _("hour"), "action": _("action"), "door": _("entry point"), "refused": _("refusals")},
    ),
)
