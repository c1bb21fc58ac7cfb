"""Who sees cash-flow models, who enters them, and who confirms or returns them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.policies import HELPERS, managed, of_department
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import EVERYTHING, NOBODY, Decision, RowPolicy, Viewer, policy_for
from crm.kernel.access.querysets import visible_at
from crm.kernel.people.roles import Role
from projects.cashflow.models import CashflowModel
from projects.deals.models import Project
from projects.deals.policies import workers

EDIT, CONFIRM = "edit", "confirm"
REASONS: dict[str, Text] = {
    "create": _("Cash-flow models are entered by who works on the project."),
    EDIT: _("Cash-flow models are entered by who works on the project."),
    CONFIRM: _(
        "Cash-flow models are confirmed by a risk assessor or the head of the client's department, not by who entered "
        "them or works on the project."
    ),
}


@policy_for(CashflowModel)
class CashflowModelPolicy(RowPolicy):
    """view: who sees the project, and the risk assessors. edit: who works on the project. confirm (return): a second
    person who does not.
    """

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return EVERYTHING if Role.RISK_ASSESSOR in person.roles else visible_at("project", Project, person)
        if action == EDIT:
            return workers(person, "project__")
        if action == CONFIRM and person.roles & {Role.RISK_ASSESSOR, Role.DEPARTMENT_HEAD}:
            is_assessor = Role.RISK_ASSESSOR in person.roles
            within = EVERYTHING if is_assessor else of_department(person, "project__client__")
            mine = Q(made_by=person.pk) | Q(checked_by=person.pk, checked_by__isnull=False)
            mine |= Q(editors__contains=[person.pk])
            return within & ~managed(person, "project__client__") & ~workers(person, "project__") & ~mine
        return NOBODY

    def reason(self, action: str) -> Text:
        return REASONS.get(action, "")

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return self.decide(action == "view" or (action == "create" and bool(person.roles & HELPERS)), action)
