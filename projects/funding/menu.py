from django.utils.translation import gettext_lazy as _

from clients.file.menu import FILES
from clients.file.policies import HELPERS
from crm.kernel.declarations.menu import MenuItem, register, register_admin
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from projects.funding.policies import CHECKERS


def sees_contracts(person: Person) -> bool:
    """Whether contracts can be theirs to see: entered, checked or audited."""
    return bool(person.roles & (HELPERS | CHECKERS | {Role.AUDITOR}))


register(
    MenuItem(
        _("Contracts and draw-downs"),
        "projects:contract_list",
        icon="building-bank",
        order=31,
        key="contracts",
        visible=sees_contracts,
    )
)
register_admin(
    FILES,
    MenuItem(_("Contracts"), "admin:projects_contract_changelist", icon="building-bank", order=61),
    MenuItem(_("Draw-downs"), "admin:projects_drawdown_changelist", icon="building-bank", order=62),
)
