from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.menu import Count, MenuItem, register, register_admin
from crm.kernel.people.models import Person
from risk.committee.policies import READERS
from risk.committee.selectors import waiting_for
from risk.ratings.menu import REVIEWS


def count_waiting(person: Person) -> Count:
    """In how many open ballots this member has still to vote."""
    return Count(waiting_for(viewer=person).count())


def sits(person: Person) -> bool:
    """Whether the person works in the committee or audits it."""
    return bool(person.roles & READERS)


register(
    MenuItem(
        _("Credit committee"),
        "risk:meeting_list",
        icon="users",
        order=45,
        key="committee",
        count=count_waiting,
        visible=sits,
    )
)
register_admin(
    REVIEWS,
    MenuItem(_("Committee meetings"), "admin:risk_meeting_changelist", icon="users", order=50),
    MenuItem(_("Hearings"), "admin:risk_agendaitem_changelist", icon="list", order=51),
    MenuItem(_("Votes"), "admin:risk_vote_changelist", icon="checks", order=52),
)
