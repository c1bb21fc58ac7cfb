"""Who sees a deal and who may work on it. Whether a review holds it is a state: the services ask for that."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.policies import HELPERS, lapsed, managed, of_department
from crm.kernel.access.errors import Text
from crm.kernel.access.grants import granted
from crm.kernel.access.policies import ALLOWED, EVERYTHING, NOBODY, Decision, RowPolicy, Viewer, policy_for, refused
from crm.kernel.access.querysets import visible_at
from crm.kernel.people.roles import Role
from projects.deals.models import Investigator, Project, ProjectDocument, ProjectGrant
from projects.deals.signatures import ReportSignature

READERS_OF_ALL = frozenset({Role.AUDITOR})
CHANGE, SUBMIT, WITHDRAW, SIGN = "change", "submit", "withdraw", "sign"
NOT_YOURS = _("Only the account manager, the client's co-managers and the investigators can work on this project.")
NOT_YOURS_TO_END = _("A draft is withdrawn by the client's account manager.")
NOT_YOURS_TO_SIGN = _("Only the project's two investigators sign its due-diligence report.")
NOT_A_KEEPER = _("Projects are created by the client's account manager or a co-manager.")


def workers(person: Viewer, at: str = "") -> Q:
    """Projects this person works on: those of clients they own or co-manage by now, and those they investigate.

    The client decides, not who kept it when the deal was filed: a hand-over takes the deals along. Who no longer holds
    a role of the client department has lost them at once. `at`: the way to the project from the rows asked about.
    """
    if not person.roles & HELPERS:
        return NOBODY
    investigated = Investigator.objects.filter(person_id=person.pk).values("project_id")
    return managed(person, f"{at}client__") | Q(**{f"{at}pk__in": investigated})


@policy_for(Project)
class ProjectPolicy(RowPolicy):
    """view: who works on it, the head of the client's department, the auditors, who was granted it.

    change, submit: who works on it. withdraw: who keeps the client.
    """

    def filter(self, person: Viewer, action: str) -> Q:
        return self._scope(person, action, "")

    def filter_at(self, person: Viewer, action: str, path: str) -> Q:
        return self._scope(person, action, f"{path}__")

    def _scope(self, person: Viewer, action: str, at: str) -> Q:
        if action in (CHANGE, SUBMIT):
            return workers(person, at)
        if action == WITHDRAW:
            return Q(**{f"{at}client__owner": person.pk}) if person.roles & HELPERS else NOBODY
        if action != "view":
            return NOBODY
        if person.roles & READERS_OF_ALL:
            return EVERYTHING
        seen = granted(ProjectGrant, person, "view", but_from=lapsed(person), at=at.removesuffix("__") or "pk")
        return workers(person, at) | of_department(person, f"{at}client__") | seen

    def reason(self, action: str) -> Text:
        return NOT_YOURS_TO_END if action == WITHDRAW else NOT_YOURS

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        if action == "view":
            return ALLOWED
        return ALLOWED if action == "create" and person.roles & HELPERS else refused(NOT_A_KEEPER)


@policy_for(ProjectDocument)
class ProjectDocumentPolicy(RowPolicy):
    """A document is seen and handled by who sees and handles its deal; its two investigators sign it."""

    def filter(self, person: Viewer, action: str) -> Q:
        if action == SIGN:
            seated = Investigator.objects.filter(person_id=person.pk).values("project_id")
            return Q(project__in=seated) if person.roles & HELPERS else NOBODY
        return visible_at("project", Project, person, action)

    def reason(self, action: str) -> Text:
        if action == SIGN:
            return NOT_YOURS_TO_SIGN
        return NOT_YOURS_TO_END if action == WITHDRAW else NOT_YOURS

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return Decision(action == "view")


@policy_for(ReportSignature)
class ReportSignaturePolicy(RowPolicy):
    """A signature is seen by who sees the deal."""

    def filter(self, person: Viewer, action: str) -> Q:
        return visible_at("project", Project, person, action) if action == "view" else NOBODY

    def reason(self, action: str) -> Text:
        return NOT_YOURS_TO_SIGN

    def can_without_row(self, person: Viewer, action: str) -> Decision:
        return Decision(action == "view")
