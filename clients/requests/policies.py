"""Who sees client requests, records, takes, assigns, answers, solves and closes them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import HELPERS, managed, of_department
from clients.requests.models import RequestStep, ServiceRequest
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import NOBODY, Decision, RowPolicy, Viewer, policy_for
from crm.kernel.access.querysets import visible_at
from crm.kernel.people.roles import Role

WORK, ASSIGN = "work", "assign"
# The service desk: back-office people work on the requests of the clients they may view.
DESK = Role.BACK_OFFICE
REASONS: dict[str, Text] = {
    "create": _("Requests are recorded by account managers, co-managers and the service desk."),
    WORK: _("Only the client's account manager, co-managers and the service desk can handle this request."),
    ASSIGN: _("Only who handles the client's requests and the department head can assign this request."),
}


@policy_for(ServiceRequest)
class ServiceRequestPolicy(RowPolicy):
    """view: who sees the client. work: who works on the client, and the service desk that sees it.

    assign: the head of the client's department besides.
    """

    def filter(self, person: Viewer, action: str) -> Q:
        if action == "view":
            return visible_at("client", Client, person)
        if action == WORK:
            return self._work(person)
        if action == ASSIGN:
            return self._work(person) | of_department(person, "client__")
        return NOBODY

    def _work(self, person: Viewer) -> Q:
        desk = visible_at("client", Client, person) if DESK in person.roles else NOBODY
        return managed(person, "client__") | desk

    def reason(self, action: str) -> Text:
        return REASONS.get(action, "")

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return self.decide(action == "view" or (action == "create" and may_record(person)), action)


def may_record(person: Viewer) -> bool:
    """Whether the person may record requests of some client."""
    return bool(person.roles & (HELPERS | {DESK}))


@policy_for(RequestStep)
class RequestStepPolicy(RowPolicy):
    """A step is seen by who sees the client."""

    def filter(self, person: Viewer, action: str) -> Q:
        return visible_at("request__client", Client, person) if action == "view" else NOBODY

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return Decision(action == "view")
