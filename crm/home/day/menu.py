from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.menu import Count, MenuItem, register
from crm.kernel.people.models import Person
from crm.kernel.people.roles import TRUSTED, Role
from crm.kernel.worklist import waiting


def count_waiting(person: Person) -> Count:
    """What waits for the person; red when something is overdue."""
    bands = waiting.list_waiting(person=person)
    return Count(waiting.count_waiting(bands), is_late=waiting.count_waiting(bands, "late") > 0)


def administers(person: Person) -> bool:
    """The admin site is for who decides, steers or administers; everybody else has the pages."""
    return bool(person.roles & (TRUSTED | {Role.DATA_STEWARD}))


register(
    MenuItem(_("My day"), "home:my_day", icon="sun", order=10, key="home", count=count_waiting, phone=True),
    MenuItem(
        _("Administration"), "admin:index", icon="settings", order=95, key="admin", visible=administers, is_apart=True
    ),
)
