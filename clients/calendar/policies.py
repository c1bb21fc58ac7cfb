"""A feed is its person's own: nobody else sees, opens or revokes it."""

from django.db.models import Q

from clients.calendar.models import CalendarFeed
from crm.kernel.access.policies import NOBODY, Decision, RowPolicy, Viewer, policy_for


@policy_for(CalendarFeed)
class CalendarFeedPolicy(RowPolicy):
    """view, revoke: one's own. create: whoever may sign in."""

    def filter(self, person: Viewer, action: str) -> Q:
        return Q(person_id=person.pk) if action in ("view", "revoke") else NOBODY

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return self.decide(action in ("view", "create") and person.is_active, action)
