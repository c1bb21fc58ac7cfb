"""The side bar: every app's entries, gathered here because only the roof knows all apps."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from clients import menu as clients
from crm.home.day.selectors import my_day
from crm.home.trail.policies import READERS
from crm.kernel.web.menu import Count, MenuItem, register
from projects import menu as projects
from risk import menu as risk


def _waiting(person: Any) -> Count:
    day = my_day(person=person)
    return Count(day.all, is_late=day.late > 0)


def _audits(person: Any) -> bool:
    return bool(person.roles & READERS)


MENU = [
    MenuItem(label=_("My day"), url_name="home:my_day", icon="sun", order=10, key="home", count=_waiting, phone=True),
    MenuItem(
        label=_("Audit trail"), url_name="home:audit_list", icon="history", order=90, key="audit", visible=_audits
    ),
    MenuItem(label=_("Administration"), url_name="admin:index", icon="settings", order=95, key="admin"),
]


def gather() -> None:
    """Register all entries; called once when the roof is ready."""
    for app in (clients, projects, risk):
        register(getattr(app, "MENU", ()), new=getattr(app, "NEW", ()))
    register(MENU)
