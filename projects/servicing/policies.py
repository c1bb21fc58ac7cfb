"""Who sees plans and repayments, who confirms a plan and who reverses a repayment."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.access.policies import NOBODY, Decision, RowPolicy, Viewer, policy_for
from projects.funding.policies import checks, sees
from projects.servicing.models import Instalment, Repayment, RepaymentPart, RepaymentPlan

CONFIRM, REVERSE = "confirm", "reverse"
REASONS: dict[str, Text] = {
    CONFIRM: _("A plan is confirmed by a risk assessor or the back office, not by who laid it or works on the client."),
    REVERSE: _(
        "A repayment is reversed by a risk assessor or the back office, not by who booked it or works on the client."
    ),
}


class _ServicingPolicy(RowPolicy):
    """What the policies here share: reasons, and that a list may be opened."""

    def reason(self, action: str) -> Text:
        return REASONS.get(action, "")

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return self.decide(action == "view", action)


@policy_for(RepaymentPlan)
class RepaymentPlanPolicy(_ServicingPolicy):
    """confirm: a second person."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return sees(person, "contract__")
        return checks(person, "contract__") & ~Q(prepared_by=person.pk) if action == CONFIRM else NOBODY


@policy_for(Instalment)
class InstalmentPolicy(_ServicingPolicy):
    """An instalment is seen by who sees the contract."""

    def filter(self, person: Viewer, action: str) -> Q:
        return sees(person, "plan__contract__") if action == "view" else NOBODY


@policy_for(Repayment)
class RepaymentPolicy(_ServicingPolicy):
    """reverse: a second person."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return sees(person, "contract__")
        return checks(person, "contract__") & ~Q(entered_by=person.pk) if action == REVERSE else NOBODY


@policy_for(RepaymentPart)
class RepaymentPartPolicy(_ServicingPolicy):
    """A part is seen by who sees the contract."""

    def filter(self, person: Viewer, action: str) -> Q:
        return sees(person, "repayment__contract__") if action == "view" else NOBODY
