"""The words of what repayment gives people to do."""

from django.utils.translation import gettext_lazy

from crm.kernel.worklist.kinds import TodoKind, register
from projects.servicing.night import DUE_TODO, OVERDUE_TODO
from projects.servicing.services import CHECK_TODO

ICON = "building-bank"

register(
    TodoKind(
        CHECK_TODO,
        gettext_lazy("Check the repayment plan of %(number)s: %(client)s"),
        gettext_lazy("Check"),
        ICON,
        work=gettext_lazy("Check a repayment plan"),
    ),
    TodoKind(
        DUE_TODO,
        gettext_lazy("%(sum)s yuan under %(number)s are due on %(day)s: %(client)s"),
        gettext_lazy("Look"),
        ICON,
        work=gettext_lazy("An instalment is due soon"),
    ),
    TodoKind(
        OVERDUE_TODO,
        gettext_lazy("%(sum)s yuan under %(number)s are overdue since %(day)s: %(client)s"),
        gettext_lazy("Look"),
        ICON,
        work=gettext_lazy("An instalment is overdue"),
    ),
)
