"""Who sees financial statements, who enters and checks them, and who confirms, returns or voids them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import HELPERS, managed, of_department
from clients.statements.models import Statement, StatementLine, StatementReason
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import EVERYTHING, NOBODY, Decision, RowPolicy, Viewer, policy_for
from crm.kernel.access.querysets import visible_at
from crm.kernel.people.roles import Role

EDIT, CONFIRM = "edit", "confirm"
REASONS: dict[str, Text] = {
    "create": _("Financial statements are entered by the client's account manager and co-managers."),
    EDIT: _("Financial statements are entered by the client's account manager and co-managers."),
    CONFIRM: _(
        "Financial statements are confirmed by a risk assessor or the head of the client's department, not by who "
        "entered or checked them or works on the client."
    ),
}


@policy_for(Statement)
class StatementPolicy(RowPolicy):
    """view: who sees the client. edit (lines, check, correct, withdraw): who works on the client. confirm (return,
    void): a second person who does not.
    """

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return visible_at("client", Client, person)
        if action == EDIT:
            return managed(person, "client__")
        if action == CONFIRM and person.roles & {Role.RISK_ASSESSOR, Role.DEPARTMENT_HEAD}:
            within = EVERYTHING if Role.RISK_ASSESSOR in person.roles else of_department(person, "client__")
            mine = Q(made_by=person.pk) | Q(checked_by=person.pk, checked_by__isnull=False)
            mine |= Q(editors__contains=[person.pk])
            return within & ~managed(person, "client__") & ~mine
        return NOBODY

    def reason(self, action: str) -> Text:
        return REASONS.get(action, "")

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return self.decide(action == "view" or (action == "create" and bool(person.roles & HELPERS)), action)


class _PartPolicy(RowPolicy):
    """A part of a set is seen by who sees the client."""

    def filter(self, person: Viewer, action: str) -> Q:
        return visible_at("statement__client", Client, person) if action == "view" else NOBODY

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return Decision(action == "view")


@policy_for(StatementLine)
class StatementLinePolicy(_PartPolicy):
    """See `_PartPolicy`."""


@policy_for(StatementReason)
class StatementReasonPolicy(_PartPolicy):
    """See `_PartPolicy`."""
