"""The words of what a facility gives people to do."""

from django.utils.translation import gettext_lazy

from crm.kernel.worklist.kinds import TodoKind, register
from projects.facilities.services import CONFIRM_TODO, SETTLE_TODO

register(
    TodoKind(
        CONFIRM_TODO,
        gettext_lazy("Confirm the facility in force %(number)s: %(client)s"),
        gettext_lazy("Confirm"),
        "building-bank",
        work=gettext_lazy("Confirm a facility in force"),
    ),
    TodoKind(
        SETTLE_TODO,
        gettext_lazy("Confirm the settlement of %(number)s: %(client)s"),
        gettext_lazy("Confirm"),
        "building-bank",
        work=gettext_lazy("Confirm a settlement"),
    ),
)
