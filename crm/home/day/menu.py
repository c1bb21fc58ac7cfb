from django.utils.translation import gettext_lazy as _

from crm.home.day.selectors import my_day
from crm.kernel.declarations.menu import Count, MenuItem, register
from crm.kernel.people.models import Person


def count_waiting(person: Person) -> Count:
    """What waits for the person; red when something is overdue."""
    day = my_day(person=person)
    return Count(day.all, is_late=day.late > 0)


register(
    MenuItem(_("My day"), "home:my_day", icon="sun", order=10, key="home", count=count_waiting, phone=True),
    MenuItem(_("Administration"), "admin:index", icon="settings", order=95, key="admin"),
)
