from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.menu import AdminSection, Count, MenuItem, register, register_admin
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from risk.ratings.selectors import waiting_for

# Reviews and grades share one section of the admin.
REVIEWS = AdminSection(_("Reviews"), order=10)


def count_waiting(person: Person) -> Count:
    """How many grades wait for this assessor's confirmation."""
    return Count(waiting_for(viewer=person).count())


def assesses(person: Person) -> bool:
    """Grades have an entry of their own for who gives them; others read them on the client page."""
    return Role.RISK_ASSESSOR in person.roles


register(
    MenuItem(
        _("Ratings"),
        "risk:rating_list",
        icon="star",
        order=50,
        key="ratings",
        count=count_waiting,
        visible=assesses,
    )
)
register_admin(REVIEWS, MenuItem(_("Ratings"), "admin:risk_rating_changelist", icon="star", order=40))
