from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.menu import MenuItem, register, register_admin
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from risk.ratings.menu import REVIEWS


def works_with_limits(person: Person) -> bool:
    """Limits have an entry of their own for who proposes and who decides them; others read them on the client page."""
    return bool(person.roles & {Role.RISK_ASSESSOR, Role.FINAL_APPROVER})


register(
    MenuItem(
        _("Credit limits"),
        "risk:limit_list",
        icon="gauge",
        order=51,
        key="limits",
        visible=works_with_limits,
    )
)
register_admin(REVIEWS, MenuItem(_("Credit limits"), "admin:risk_creditlimit_changelist", icon="gauge", order=41))
