"""The words of what repayment gives people to do."""

from django.utils.translation import gettext_lazy

from crm.kernel.worklist.kinds import TodoKind, register
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
)
