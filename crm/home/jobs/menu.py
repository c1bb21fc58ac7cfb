from django.utils.translation import gettext_lazy as _

from crm.home.jobs.policies import LOOKERS
from crm.home.trail.menu import RUNNING
from crm.kernel.declarations.menu import MenuItem, register, register_admin
from crm.kernel.people.models import Person


def looks_at_jobs(person: Person) -> bool:
    """Whether the person looks at jobs and deliveries."""
    return bool(person.roles & LOOKERS)


register(
    MenuItem(_("Jobs"), "home:jobs", icon="clock-play", order=92, key="jobs", visible=looks_at_jobs, is_apart=True)
)
register_admin(
    RUNNING,
    MenuItem(_("Jobs"), "home:jobs", icon="clock-play", order=20, visible=looks_at_jobs),
    MenuItem(_("Deliveries"), "admin:kernel_dueitem_changelist", icon="mail-forward", order=30, visible=looks_at_jobs),
)
