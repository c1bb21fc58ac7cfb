"""Who sees contracts and draw-downs, who prepares and checks, requests, releases and pays."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.policies import HELPERS, managed
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import EVERYTHING, NOBODY, Decision, RowPolicy, Viewer, policy_for
from crm.kernel.access.querysets import visible_at
from crm.kernel.people.roles import Role
from projects.deals.models import Project
from projects.deals.policies import workers
from projects.funding.models import CapitalPayment, Contract, Drawdown, Payee

CONFIRM, DRAW, RELEASE, PAY = "confirm", "draw", "release", "pay"
PLAN, BOOK = "plan", "book"
# Who compares contracts with approvals and releases; the back office pays.
CHECKERS = frozenset({Role.RISK_ASSESSOR, Role.BACK_OFFICE})
REASONS: dict[str, Text] = {
    "create": _("Contracts are entered by who works on the project."),
    CONFIRM: _(
        "This is confirmed by a risk assessor or the back office, not by who entered it or works on the client."
    ),
    DRAW: _("Draw-downs and paid-in capital are entered by who works on the project."),
    RELEASE: _(
        "A draw-down is released by a risk assessor or the back office, not by who requested it, entered the contract "
        "or works on the client."
    ),
    PLAN: _("A repayment plan is laid by who works on the project."),
    BOOK: _("Repayments are booked by a risk assessor or the back office, not by who works on the client."),
    PAY: _("A payment is made by the back office, not by who requested or released the draw-down."),
}


def sees(person: Viewer, at: str) -> Q:
    """Rows of projects that this person sees; risk assessors and the back office see every contract."""
    return EVERYTHING if person.roles & CHECKERS else visible_at(f"{at}project", Project, person)


def checks(person: Viewer, at: str) -> Q:
    """Rows this person may be the second person for, as far as role and client go."""
    return ~managed(person, f"{at}project__client__") if person.roles & CHECKERS else NOBODY


class _FundingPolicy(RowPolicy):
    """What the policies here share: reasons, and that a list may be opened."""

    def reason(self, action: str) -> Text:
        return REASONS.get(action, "")

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return self.decide(action == "view" or (action == "create" and bool(person.roles & HELPERS)), action)


@policy_for(Contract)
class ContractPolicy(_FundingPolicy):
    """confirm: a second person. draw, plan: who works on the project. book: who does not."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return sees(person, "")
        if action == CONFIRM:
            return checks(person, "") & ~Q(prepared_by=person.pk)
        if action == BOOK:
            return checks(person, "")
        return workers(person, "project__") if action in (DRAW, PLAN) else NOBODY


@policy_for(CapitalPayment)
class CapitalPaymentPolicy(_FundingPolicy):
    """confirm: a second person."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return sees(person, "contract__")
        return checks(person, "contract__") & ~Q(entered_by=person.pk) if action == CONFIRM else NOBODY


@policy_for(Drawdown)
class DrawdownPolicy(_FundingPolicy):
    """release: a second person who had no part in contract or request. pay: a third, of the back office."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return sees(person, "contract__")
        if action == RELEASE:
            return checks(person, "contract__") & ~Q(requested_by=person.pk) & ~Q(contract__prepared_by=person.pk)
        if action == PAY and Role.BACK_OFFICE in person.roles:
            apart = ~Q(requested_by=person.pk) & (Q(decided_by__isnull=True) | ~Q(decided_by=person.pk))
            return checks(person, "contract__") & apart
        return NOBODY


@policy_for(Payee)
class PayeePolicy(_FundingPolicy):
    """A payee is seen by who sees the contract."""

    def filter(self, person: Viewer, action: str) -> Q:
        return sees(person, "drawdown__contract__") if action == "view" else NOBODY
