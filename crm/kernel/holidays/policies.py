"""Who may do what with holiday notices: everyone who works here reads them, two administrators change them."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.policies import ALLOWED, EVERYTHING, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.holidays.models import HolidayNotice
from crm.kernel.people.roles import Role

ENTERING = frozenset({Role.SYSTEM_ADMIN})
RELEASING = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})


@policy_for(HolidayNotice)
class HolidayNoticePolicy(Policy):
    """A system administrator enters a notice; a second administrator releases it; either takes a draft back."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return EVERYTHING
        draft = Q(status=HolidayNotice.Status.DRAFT)
        if action == "release" and _holds(person, RELEASING):
            return draft & ~Q(entered_by=person.pk)
        if action == "withdraw" and _holds(person, RELEASING):
            return draft
        return NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if action == "create":
            allowed = _holds(person, ENTERING)
            return ALLOWED if allowed else refused(_("Holiday notices are entered by a system administrator."))
        if action not in ("release", "withdraw") or not _holds(person, RELEASING):
            return refused(_("A second administrator must release the calendar."))
        if action == "release" and obj is not None and obj.entered_by_id == person.pk:
            return refused(_("You entered this notice: somebody else must release it."))
        return ALLOWED


def _holds(person: Viewer, roles: frozenset[Role]) -> bool:
    return not person.roles.isdisjoint(roles)
