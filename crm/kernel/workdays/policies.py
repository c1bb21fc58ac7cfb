"""The working calendar is everybody's."""

from typing import Any

from django.db.models import Q

from crm.kernel.access.policies import EVERYTHING, NOBODY, Decision, Policy, Viewer, policy_for
from crm.kernel.workdays.models import CalendarDay


@policy_for(CalendarDay)
class CalendarDayPolicy(Policy):
    """Read by all, written by `load_reference` only."""

    def filter(self, person: Viewer, action: str) -> Q:
        return EVERYTHING if action == "view" else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        return Decision(action == "view")
