"""Reads of the audit trail, through its policy."""

from django.db.models import Model, QuerySet

from crm.kernel.access.checks import require
from crm.kernel.access.errors import NotVisible
from crm.kernel.access.policies import Viewer, policy_of
from crm.kernel.audit.models import AuditEvent


def event_list(*, viewer: Viewer) -> QuerySet[AuditEvent]:
    """Events this person may read, newest first, each with its seal."""
    rows = AuditEvent.objects.filter(policy_of(AuditEvent).filter(viewer, "view"))
    return rows.select_related("seal").order_by("-id")


def event_get(*, viewer: Viewer, pk: int) -> AuditEvent:
    """One event; NotVisible when it is absent or not this person's to read."""
    found = event_list(viewer=viewer).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def history_of(subject: Model, *, viewer: Viewer, limit: int = 50) -> list[AuditEvent]:
    """What was done to `subject`, newest first, for whoever may see the subject itself. Refusals stay the auditor's."""
    require(viewer, "view", subject)
    return list(
        AuditEvent.objects.filter(
            subject_type=subject._meta.label_lower, subject_id=str(subject.pk), outcome="done"
        ).order_by("-id")[:limit]
    )
