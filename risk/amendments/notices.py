"""The words of what an amendment gives people to do."""

from django.utils.translation import gettext_lazy

from crm.kernel.worklist.kinds import TodoKind, register
from risk.amendments.subjects import COMPLETE

register(
    TodoKind(
        COMPLETE,
        gettext_lazy("Correct the returned change of %(project)s"),
        gettext_lazy("Correct…"),
        "corner-up-left",
        work=gettext_lazy("Correct a returned change"),
    ),
)
