"""What risk adds to the side bar: reviews, grades and warnings, with the number that waits for this person."""

from typing import Any

from django.db.models import Count as DbCount
from django.utils.translation import gettext_lazy as _

from crm.kernel.people.roles import Role
from crm.kernel.web.menu import Count, MenuItem
from crm.kernel.workdays import clock
from risk.indicators.selectors import late
from risk.indicators.selectors import waiting_for as warnings_waiting_for
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


# Whoever keeps clients, answers for those who do, or reads all of them.
WATCHES = frozenset(
    {
        Role.ACCOUNT_MANAGER,
        Role.MARKETING_DEVELOPER,
        Role.ASSISTANT_INVESTIGATOR,
        Role.DEPARTMENT_HEAD,
        Role.RISK_ASSESSOR,
        Role.AUDITOR,
    }
)


def warnings_count(person: Any) -> Count:
    """How many warnings wait for this person's answer or closing, and whether an answer is late."""
    rows = warnings_waiting_for(viewer=person).aggregate(
        number=DbCount("pk"), late=DbCount("pk", filter=late(clock.today()))
    )
    return Count(rows["number"], is_late=rows["late"] > 0)


def watches(person: Any) -> bool:
    """Whether warnings have an entry of their own for this person."""
    return not WATCHES.isdisjoint(person.roles)


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
    MenuItem(
        label=_("Warnings"),
        url_name="risk:warning_list",
        icon="alert-triangle",
        order=45,
        key="warnings",
        count=warnings_count,
        visible=watches,
    ),
]
