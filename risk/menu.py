"""What risk adds to the side bar: reviews, with the number that waits for this person (red when one is overdue)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.people.roles import Role
from crm.kernel.web.menu import Count, MenuItem
from crm.kernel.workdays import clock
from risk.ratings.selectors import waiting_for as grades_waiting_for
from risk.reviews.selectors import inbox
from risk.reviews.workflow import STAGES


def waiting_count(person: Any) -> Count:
    """How many cases wait for this person, and whether one is late."""
    due = list(inbox(viewer=person).values_list("due_on", flat=True))
    today = clock.today()
    return Count(len(due), is_late=any(day is not None and day < today for day in due))


def decides(person: Any) -> bool:
    """Whether cases can wait for this person at all."""
    return any(row.role in person.roles for row in STAGES)


# One entry, two addresses: who decides starts with what waits, who submits with all of theirs.
def grades_count(person: Any) -> Count:
    """How many grades wait for this assessor's confirmation."""
    return Count(grades_waiting_for(viewer=person).count())


def assesses(person: Any) -> bool:
    """Grades have an entry of their own for who gives them; others read them on the client page."""
    return Role.RISK_ASSESSOR in person.roles


MENU = [
    MenuItem(
        label=_("Reviews"),
        url_name="risk:review_inbox",
        icon="rubber-stamp",
        order=40,
        key="reviews",
        count=waiting_count,
        visible=decides,
        phone=True,
    ),
    MenuItem(
        label=_("Reviews"),
        url_name="risk:review_list",
        icon="rubber-stamp",
        order=40,
        key="reviews",
        visible=lambda person: not decides(person),
        phone=True,
    ),
    MenuItem(
        label=_("Grades"),
        url_name="risk:rating_list",
        icon="star",
        order=50,
        key="ratings",
        count=grades_count,
        visible=assesses,
    ),
]
