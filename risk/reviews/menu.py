from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.menu import Count, MenuItem, register, register_admin
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from projects.deals.menu import sees_projects
from risk.ratings.menu import REVIEWS
from risk.reviews.selectors import inbox
from risk.reviews.workflow import STAGES


def count_waiting(person: Person) -> Count:
    """How many cases wait for this person, and whether one is late."""
    due = list(inbox(viewer=person).values_list("due_on", flat=True))
    today = clock.today()
    return Count(len(due), is_late=any(day is not None and day < today for day in due))


def decides(person: Person) -> bool:
    """Whether cases can wait for this person at all."""
    return any(row.role in person.roles | person.covered_roles for row in STAGES)


def only_submits(person: Person) -> bool:
    """Whether the person reads reviews without deciding any."""
    return sees_projects(person) and not decides(person)


# One entry, two addresses: who decides starts with what waits, who submits with all of theirs.
register(
    MenuItem(
        _("Reviews"),
        "risk:review_inbox",
        icon="rubber-stamp",
        order=40,
        key="reviews",
        count=count_waiting,
        visible=decides,
        phone=True,
    ),
    MenuItem(
        _("Reviews"),
        "risk:review_list",
        icon="rubber-stamp",
        order=40,
        key="reviews",
        visible=only_submits,
        phone=True,
    ),
)
register_admin(
    REVIEWS,
    MenuItem(_("Waiting for me"), "admin:risk_reviewcase_changelist", icon="rubber-stamp", order=10),
    MenuItem(_("Decisions"), "admin:risk_decision_changelist", icon="checks", order=20),
    MenuItem(_("Conditions"), "admin:risk_condition_changelist", icon="checklist", order=30),
)
