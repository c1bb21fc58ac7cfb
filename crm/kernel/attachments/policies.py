"""A stored file shows itself only to who brought it; everybody else reaches it through the subject it hangs on."""

from typing import Any

from django.db.models import Q

from crm.kernel.access.policies import ALLOWED, NOBODY, Decision, Policy, Viewer, policy_for
from crm.kernel.attachments.models import StoredFile


@policy_for(StoredFile)
class StoredFilePolicy(Policy):
    """Whether somebody may attach or download is the word of the subject's policy; here only the bare row is judged."""

    def filter(self, person: Viewer, action: str) -> Q:
        return Q(uploaded_by=person.pk) if action == "view" else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "create":
            return ALLOWED
        return Decision(action == "view" and obj is not None and obj.uploaded_by_id == person.pk)
