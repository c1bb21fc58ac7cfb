"""The words of what financial statements give people to do."""

from django.utils.translation import gettext_lazy

from clients.statements.services import CONFIRM_TODO
from crm.kernel.worklist.kinds import TodoKind, register

register(
    TodoKind(
        CONFIRM_TODO,
        gettext_lazy("Confirm the financial statements of %(period)s: %(client)s"),
        gettext_lazy("Confirm"),
        "report-money",
        work=gettext_lazy("Confirm financial statements"),
    ),
)
