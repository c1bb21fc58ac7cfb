from datetime import time

from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.schedule import Work, register

register(
    Work(
        "remind of repayments",
        "projects.servicing.tasks.remind_of_repayments",
        time(0, 40),
        _("The morning after its last day an unpaid instalment is overdue and a to-do of the account manager"),
        label=_("Remind of repayments"),
        figures={
            "due": _("newly due soon"),
            "due_closed": _("due soon, paid"),
            "overdue": _("newly overdue"),
            "overdue_closed": _("overdue, paid"),
        },
    ),
)
