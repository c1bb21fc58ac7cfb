from django.utils.translation import gettext_lazy as _

from crm.home.trail.policies import READERS
from crm.kernel.declarations.menu import AdminSection, MenuItem, register, register_admin
from crm.kernel.people.models import Person

# The trail, the jobs and the deliveries share one section of the admin.
RUNNING = AdminSection(_("Running"), order=70)


def reads_trail(person: Person) -> bool:
    """Whether the person reads the audit trail."""
    return bool(person.roles & READERS)


register(
    MenuItem(
        _("Audit trail"), "home:audit_list", icon="history", order=90, key="audit", visible=reads_trail, is_apart=True
    ),
)
register_admin(RUNNING, MenuItem(_("Audit trail"), "home:audit_list", icon="history", order=10, visible=reads_trail))
