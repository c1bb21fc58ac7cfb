"""Who exports: whoever may open the list. An export is its person's own; auditors see that it was."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.access.policies import EVERYTHING, NOBODY, Decision, RowPolicy, Viewer, policy_for
from crm.kernel.exports.models import ExportRun
from crm.kernel.people.roles import Role

TAKE, CANCEL = "take", "cancel"


@policy_for(ExportRun)
class ExportRunPolicy(RowPolicy):
    """view: who ordered it, auditors. take (the file) and cancel: who ordered it. What it may hold, the list says."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view" and Role.AUDITOR in person.roles:
            return EVERYTHING
        return Q(person=person.pk) if action in ("view", TAKE, CANCEL) else NOBODY

    def reason(self, action: str) -> Text:
        return _("Only the person who ordered the export can do this.") if action in (TAKE, CANCEL) else ""

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return self.decide(action in ("view", "create"), action)
