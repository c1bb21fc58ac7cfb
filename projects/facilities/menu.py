from django.utils.translation import gettext_lazy as _

from clients.file.menu import FILES
from clients.file.policies import HELPERS, READS_ALL
from crm.kernel.declarations.menu import MenuItem, register, register_admin
from crm.kernel.people.models import Person


def sees_facilities(person: Person) -> bool:
    """Whether facilities in force can be theirs to see: entered, confirmed or audited."""
    return bool(person.roles & (HELPERS | READS_ALL))


register(
    MenuItem(
        _("Facilities in force"),
        "projects:facility_list",
        icon="building-bank",
        order=32,
        key="facilities",
        visible=sees_facilities,
    )
)
register_admin(
    FILES,
    MenuItem(_("Facilities in force"), "admin:projects_facility_changelist", icon="building-bank", order=60),
)
