from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register

register(
    Work(
        "update contact plans",
        "clients.relations.tasks.update_contact_plans",
        time(1, 40),
        _("Contact plans of all clients are worked out before the nightly risk check; overdue ones become to-dos"),
        label=_("Update contact plans"),
        figures={
            "clients": _("contact plans changed"),
            "overdue": _("newly overdue"),
            "met": _("to-dos closed"),
        },
    ),
)
