"""The words of what cash-flow models give people to do."""

from django.utils.translation import gettext_lazy

from crm.kernel.worklist.kinds import TodoKind, register
from projects.cashflow.services import CONFIRM_TODO

register(
    TodoKind(
        CONFIRM_TODO,
        gettext_lazy("Confirm version %(number)s of the cash-flow model: %(project)s"),
        gettext_lazy("Confirm"),
        "chart-line",
        work=gettext_lazy("Confirm a cash-flow model"),
    ),
)
