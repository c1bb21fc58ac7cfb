from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, Kept, register

register(
    Act(
        "todo.opened", _("To-do opened"), {"owner": Kept(_("Account manager"), "kernel.Person"), "due_on": _("Due on")}
    ),
    Act(
        "todo.changed",
        _("To-do changed"),
        {"owner": Kept(_("Account manager"), "kernel.Person"), "due_on": _("Due on")},
    ),
    Act("todo.set_opened", _("To-dos opened in bulk"), {"kind": _("Kind")}),
    Act("todo.set_closed", _("To-dos closed in bulk"), {"kind": _("Kind"), "outcome": _("Outcome")}),
    Act("todo.closed", _("To-do closed"), {"outcome": _("Outcome")}),
    Act(
        "todo.nudged",
        _("Reminder sent to the assignee"),
        {"owner": Kept(_("Account manager"), "kernel.Person"), "due_on": _("Due on")},
    ),
    Act("todo.escalated", _("To-do escalated"), {"to": _("To"), "due_on": _("Due on")}),
    Act(
        "todo.nobody_above",
        _("Nobody to escalate to"),
        {"owner": Kept(_("Account manager"), "kernel.Person"), "due_on": _("Due on")},
    ),
)
