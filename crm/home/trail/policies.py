"""Who reads the audit trail: auditors, all of it. The rows lie below access, so their policy is up here."""

from typing import Any

from django.db.models import Q

from crm.kernel.access.policies import ALLOWED, EVERYTHING, NOBODY, Decision, Policy, Viewer, policy_for
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.roles import Role

READERS = frozenset({Role.AUDITOR, Role.AUDIT_ADMIN})


@policy_for(AuditEvent)
class AuditEventPolicy(Policy):
    def filter(self, person: Viewer, action: str) -> Q:
        return EVERYTHING if action == "view" and person.roles & READERS else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        return ALLOWED if action == "view" and person.roles & READERS else Decision(False)
