from django.db.models import Count as DbCount
from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.menu import Count, MenuItem, register
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from risk.indicators.selectors import late, waiting_for

# Whoever keeps clients, answers for those who do, or reads all of them.
WATCHES = frozenset(
    {
        Role.ACCOUNT_MANAGER,
        Role.MARKETING_DEVELOPER,
        Role.ASSISTANT_INVESTIGATOR,
        Role.DEPARTMENT_HEAD,
        Role.RISK_ASSESSOR,
        Role.AUDITOR,
    }
)


def count_waiting(person: Person) -> Count:
    """How many warnings wait for this person's answer or closing, and whether an answer is late."""
    rows = waiting_for(viewer=person).aggregate(number=DbCount("pk"), late=DbCount("pk", filter=late(clock.today())))
    return Count(rows["number"], is_late=rows["late"] > 0)


def watches(person: Person) -> bool:
    """Whether warnings have an entry of their own for this person."""
    return not WATCHES.isdisjoint(person.roles)


register(
    MenuItem(
        _("Warnings"),
        "risk:warning_list",
        icon="alert-triangle",
        order=45,
        key="warnings",
        count=count_waiting,
        visible=watches,
    )
)
