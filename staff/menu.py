"""What the staff app adds to the side bar and to the list of new things."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from clients.file.policies import HELPERS
from crm.kernel.people.roles import Role
from crm.kernel.web.menu import MenuItem
from staff.kpi.policies import READS_ALL


def reads_kpi(person: Any) -> bool:
    """Whether the person looks at others' results."""
    return bool(person.roles & (READS_ALL | {Role.DEPARTMENT_HEAD}))


def is_measured(person: Any) -> bool:
    """The client department's people start with their own sheet. (Asking for a scheme would cost each page a query.)"""
    return bool(person.roles & HELPERS) and not reads_kpi(person)


# One entry, two addresses: who leads or audits starts with the table, who is measured with their own sheet.
MENU = [
    MenuItem(label=_("KPI"), url_name="staff:kpi_table", icon="chart-bar", order=70, key="kpi", visible=reads_kpi),
    MenuItem(label=_("KPI"), url_name="staff:kpi_mine", icon="chart-bar", order=70, key="kpi", visible=is_measured),
]
