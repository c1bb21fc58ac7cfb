"""The words of what contracts and draw-downs give people to do."""

from django.utils.translation import gettext_lazy

from crm.kernel.worklist.kinds import TodoKind, register
from projects.funding.services import CAPITAL_TODO, CHECK_TODO, PAY_TODO, RELEASE_TODO

ICON = "building-bank"

register(
    TodoKind(
        CHECK_TODO,
        gettext_lazy("Compare contract %(number)s with the approval: %(client)s"),
        gettext_lazy("Check"),
        ICON,
        work=gettext_lazy("Check a contract"),
    ),
    TodoKind(
        CAPITAL_TODO,
        gettext_lazy("Confirm the capital paid in under %(number)s: %(client)s"),
        gettext_lazy("Confirm"),
        ICON,
        work=gettext_lazy("Confirm paid-in capital"),
    ),
    TodoKind(
        RELEASE_TODO,
        gettext_lazy("Decide the draw-down under %(number)s: %(client)s"),
        gettext_lazy("Decide"),
        ICON,
        work=gettext_lazy("Release a draw-down"),
    ),
    TodoKind(
        PAY_TODO,
        gettext_lazy("Pay out the draw-down under %(number)s: %(client)s"),
        gettext_lazy("Report the payment"),
        ICON,
        work=gettext_lazy("Pay out a draw-down"),
    ),
)
