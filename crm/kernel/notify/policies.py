"""A notice is its recipient's and nobody else's; so are the preferences."""

from typing import Any

from django.db.models import Q

from crm.kernel.access.policies import NOBODY, Decision, Policy, Viewer, policy_for
from crm.kernel.notify.models import Notice, NoticePreference


class _OneOwn(Policy):
    owner = ""
    acts = frozenset({"view"})

    def filter(self, person: Viewer, action: str) -> Q:
        return Q(**{self.owner: person.pk}) if action in self.acts else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        own = obj is None or getattr(obj, f"{self.owner}_id") == person.pk
        return Decision(action in self.acts and own)


@policy_for(Notice)
class NoticePolicy(_OneOwn):
    owner = "recipient"
    acts = frozenset({"view", "read"})


@policy_for(NoticePreference)
class NoticePreferencePolicy(_OneOwn):
    owner = "person"
