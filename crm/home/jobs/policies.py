"""Who looks at deliveries and jobs: system administrators and auditors. The rows lie below people, so it is up here."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.policies import ALLOWED, EVERYTHING, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.outbox.models import DueItem, JobRun
from crm.kernel.people.roles import Role

LOOKERS = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR})


class _Looked(Policy):
    def filter(self, person: Viewer, action: str) -> Q:
        return EVERYTHING if person.roles & LOOKERS and self.can(person, action, None) else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        return Decision(action == "view")


@policy_for(JobRun)
class JobRunPolicy(_Looked):
    pass


@policy_for(DueItem)
class DueItemPolicy(_Looked):
    """What it says stays closed to them: only that, when and how it went."""

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "redeliver":
            allowed = Role.SYSTEM_ADMIN in person.roles
            return ALLOWED if allowed else refused(_("Only a system administrator can retry deliveries."))
        return super().can(person, action, obj)
