from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.file.menu import FILES
from clients.file.policies import HELPERS
from crm.kernel.declarations.menu import MenuItem, register, register_admin
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role


def sees_models(person: Person) -> bool:
    """Whether cash-flow models can be theirs to see: entered, confirmed or audited."""
    return bool(person.roles & (HELPERS | {Role.RISK_ASSESSOR, Role.DEPARTMENT_HEAD, Role.AUDITOR}))


register(
    MenuItem(
        pgettext_lazy("menu", "Cash flow"),
        "projects:cashflow_list",
        icon="chart-line",
        order=30,
        key="cashflow",
        visible=sees_models,
    )
)
register_admin(
    FILES,
    MenuItem(_("Cash-flow models"), "admin:projects_cashflowmodel_changelist", icon="chart-line", order=60),
)
