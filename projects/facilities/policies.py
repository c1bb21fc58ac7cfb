"""Who sees facilities in force, who enters, confirms and settles them, and who tells their balances."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import HELPERS, managed, of_department
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import EVERYTHING, NOBODY, Decision, RowPolicy, Viewer, policy_for
from crm.kernel.access.querysets import visible_at
from crm.kernel.people.roles import Role
from projects.facilities.models import Facility, FacilityBalance

CONFIRM, WITHDRAW, SETTLE, SETTLED, TELL = "confirm", "withdraw", "settle", "settled", "tell"
TELLERS = frozenset({Role.RISK_ASSESSOR, Role.DATA_STEWARD})
REASONS: dict[str, Text] = {
    "create": _("Facilities in force are entered by the client's account manager and co-managers."),
    CONFIRM: _(
        "A facility is confirmed by a risk assessor or the head of the client's department, not by who entered it or "
        "works on the client."
    ),
    SETTLED: _(
        "A settlement is confirmed by a risk assessor or the head of the client's department, not by who reported it "
        "or works on the client."
    ),
    WITHDRAW: _("Only the person who entered the facility withdraws it."),
    SETTLE: _("A settlement is reported by the client's account manager and co-managers."),
    TELL: _("Balances are told by risk assessors and the data steward."),
}


def judged(person: Viewer, at: str) -> Q:
    """Of rows with a client: those this person is the second person for, as far as role and client go."""
    if Role.RISK_ASSESSOR not in person.roles and Role.DEPARTMENT_HEAD not in person.roles:
        return NOBODY
    within = EVERYTHING if Role.RISK_ASSESSOR in person.roles else of_department(person, at)
    return within & ~managed(person, at)


@policy_for(Facility)
class FacilityPolicy(RowPolicy):
    """view: who sees the client. create, settle: who works on the client. confirm, settled: a second person."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return visible_at("client", Client, person)
        if action == CONFIRM:
            return judged(person, "client__") & ~Q(entered_by=person.pk)
        if action == SETTLED:
            return judged(person, "client__") & ~Q(settlement_by=person.pk)
        if action == WITHDRAW:
            return Q(entered_by=person.pk)
        if action == SETTLE:
            return managed(person, "client__")
        return EVERYTHING if action == TELL and person.roles & TELLERS else NOBODY

    def reason(self, action: str) -> Text:
        return REASONS.get(action, "")

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        if action == TELL:
            return self.decide(bool(person.roles & TELLERS), action)
        return self.decide(action == "view" or (action == "create" and bool(person.roles & HELPERS)), action)


@policy_for(FacilityBalance)
class FacilityBalancePolicy(RowPolicy):
    """A balance is seen by who sees the facility."""

    def filter(self, person: Viewer, action: str) -> Q:
        return visible_at("facility__client", Client, person) if action == "view" else NOBODY

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return Decision(action == "view")
