from django.utils.translation import gettext_lazy as _

from clients.file.policies import HELPERS
from crm.kernel.declarations.menu import AdminSection, MenuItem, register, register_admin
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from staff.kpi.policies import READS_ALL


def reads_all(person: Person) -> bool:
    """Whether the person looks at others' results."""
    return bool(person.roles & (READS_ALL | {Role.DEPARTMENT_HEAD}))


def is_measured(person: Person) -> bool:
    """The client department's people start with their own sheet. (Asking for a scheme would cost each page a query.)"""
    return bool(person.roles & HELPERS) and not reads_all(person)


# One entry, two addresses: who leads or audits starts with the table, who is measured with their own sheet.
register(
    MenuItem(_("KPI"), "staff:kpi_table", icon="chart-bar", order=70, key="kpi", visible=reads_all),
    MenuItem(_("KPI"), "staff:kpi_mine", icon="chart-bar", order=70, key="kpi", visible=is_measured),
)
register_admin(
    AdminSection(_("KPI"), order=20),
    MenuItem(_("KPI results"), "admin:staff_kpiresult_changelist", icon="chart-bar", order=10),
    MenuItem(_("KPI quarters"), "admin:staff_kpiperiod_changelist", icon="lock", order=20),
    MenuItem(_("KPI schemes"), "admin:staff_kpischeme_changelist", icon="list-details", order=30),
    MenuItem(_("KPI corrections"), "admin:staff_kpicorrection_changelist", icon="pencil", order=40),
)
