"""Who sees a case and who may act on it. Seeing: who sees the deal, and who sits in the case."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import managed, of_department
from crm.kernel.access.checks import may
from crm.kernel.access.policies import ALLOWED, EVERYTHING, NOBODY, Decision, Policy, Viewer, policy_for, refused
from crm.kernel.access.querysets import visible_at
from crm.kernel.people.roles import Role
from projects.deals.models import Project
from projects.deals.policies import SUBMIT
from risk.ratings.policies import worked_on, works_on
from risk.reviews.hearings import Rehearing, RehearingDocument
from risk.reviews.models import (
    CaseStatus,
    Condition,
    ConflictDeclaration,
    ReturnItem,
    ReviewCase,
    ReviewRound,
    ReviewSeat,
    SeatStage,
    Stage,
)
from risk.reviews.models import Decision as ReviewDecision
from risk.reviews.prolongations import Prolongation
from risk.reviews.selectors import eligibility
from risk.reviews.workflow import APPROVALS, DEAL, STAGES

READS_ALL = frozenset({Role.AUDITOR})
DECIDERS = frozenset(row.role for row in STAGES)
NOT_YOUR_CASE = _("Only the people who work on the project can withdraw its review.")
NOT_YOURS_TO_NUDGE = _("Only the people who work on the project and their department head can send a reminder.")
NOT_YOURS_TO_REHEAR = _("Only the head of the client's department can ask for a re-hearing.")
NOT_YOURS_TO_PROLONG = _("Only the person who gave the final approval can prolong it.")
NO_APPLICATION = _("Only the review of the project's application can be reheard or prolonged.")
NOT_OPEN = _("This case is closed for decisions.")
NOT_YOUR_ROLE = _("You do not hold the role of this stage.")
NOT_RESPONSIBLE = _(
    "Only the person responsible for this condition, the account manager or a co-manager can report it as met."
)
NOT_A_SETTLER = _("Only the head of the client's department or a risk assessor can verify this condition.")
ITS_OWN = _(
    "You reported this condition, are responsible for it or work on the client: a second person must verify it."
)


def cases_of(person: Viewer) -> Q:
    """Cases this person sees: those of visible deals (makers, head, granted reviewers), and those they sit in."""
    if person.pk is None:
        return NOBODY
    if person.roles & READS_ALL:
        return EVERYTHING
    visible = visible_at("project", Project, person)
    if Role.COMMITTEE_SECRETARY in person.roles:
        # Who puts cases on the agenda sees those that wait for it, and keeps those with a seat from it.
        visible |= Q(status=CaseStatus.OPEN, stage=Stage.COMMITTEE)
    elif not person.roles & DECIDERS:
        return visible
    # Who recused reads no further: the opinions that follow are none of theirs.
    seats = ReviewSeat.objects.filter(person_id=person.pk, recused_at__isnull=True).exclude(stage=SeatStage.MAKER)
    return visible | Q(pk__in=seats.values("case_id"))


@policy_for(ReviewCase)
class ReviewCasePolicy(Policy):
    """Acts are judged for one case: `decide` and `declare` by eligibility, `withdraw` by the deal's own policy."""

    def filter(self, person: Viewer, action: str) -> Q:
        return cases_of(person) if action == "view" else NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if action == "view":
            return ALLOWED
        if obj is None:
            return Decision(False)
        if action in ("decide", "declare"):
            return may_decide(person, obj)
        if action == "withdraw":
            allowed = not person.roles & READS_ALL and _works(person, obj)
            return ALLOWED if allowed else refused(NOT_YOUR_CASE)
        if action == "nudge":
            allowed = not person.roles & READS_ALL and (_heads(person, obj) or _works(person, obj))
            return ALLOWED if allowed else refused(NOT_YOURS_TO_NUDGE)
        if action == "rehear":
            allowed = not person.roles & READS_ALL and _heads(person, obj)
            if obj.kind != DEAL:
                return refused(NO_APPLICATION)
            return ALLOWED if allowed else refused(NOT_YOURS_TO_REHEAR)
        if action == "prolong":
            if obj.kind != DEAL:
                return refused(NO_APPLICATION)
            return ALLOWED if _approved(person, obj) else refused(NOT_YOURS_TO_PROLONG)
        return Decision(False)


def _heads(person: Viewer, case: ReviewCase) -> bool:
    """Whether the person heads the client's department or one above it."""
    path = case.project.client.department.path
    return Role.DEPARTMENT_HEAD in person.roles and path.startswith(person.department_path)


def _approved(person: Viewer, case: ReviewCase) -> bool:
    """Whether the person gave the final approval of the round, or was covered at it, and still has that level."""
    if Role.FINAL_APPROVER not in person.roles or person.authority_level < case.required_level:
        return False
    final = ReviewDecision.objects.filter(case=case, round=case.round, stage=Stage.FINAL, verb__in=APPROVALS)
    return final.filter(Q(person=person.pk, principal__isnull=True) | Q(principal=person.pk)).exists()


def _works(person: Viewer, case: ReviewCase) -> bool:
    """Whether the person submitted the case or works on its deal. A request that only reads asks once."""
    if case.submitted_by_id == person.pk:
        return True
    if person.kept is None:
        return bool(may(person, SUBMIT, case.project))
    answers = vars(case).setdefault("_works", {})
    if person.pk not in answers:
        answers[person.pk] = bool(may(person, SUBMIT, case.project))
    return bool(answers[person.pk])


def may_decide(person: Viewer, case: ReviewCase) -> Decision:
    """Whether `person` may decide `case` now; if not, why, in words."""
    if case.status != CaseStatus.OPEN:
        return refused(NOT_OPEN)
    mine = next((found for found in eligibility.list_verdicts(case) if found.person.pk == person.pk), None)
    if mine is None:
        return refused(NOT_YOUR_ROLE)
    return ALLOWED if mine.eligible else refused(mine.reason)


class _OfCase(Policy):
    """Rows of a case are seen by who sees the case; nobody changes them but the services of the review."""

    path = "case"

    def filter(self, person: Viewer, action: str) -> Q:
        if action != "view":
            return NOBODY
        cases = ReviewCase.objects.visible_to(person).order_by().values("pk")
        return Q(**{f"{self.path}__in": cases})

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        return ALLOWED if action == "view" else refused(_("The contents of a case are written only by its decisions."))


@policy_for(ReviewRound)
class ReviewRoundPolicy(_OfCase):
    pass


@policy_for(ReviewSeat)
class ReviewSeatPolicy(_OfCase):
    pass


@policy_for(ReviewDecision)
class DecisionPolicy(_OfCase):
    pass


def settled_by(person: Viewer) -> Q:
    """Conditions the person is the second person for: of the department headed, or any for a risk assessor; none of a
    client they work on, and none they answer for or reported.
    """
    scope = EVERYTHING if Role.RISK_ASSESSOR in person.roles else of_department(person)
    if scope == NOBODY:
        return NOBODY
    clients = Client.objects.filter(scope & ~worked_on(person))
    return Q(case__project__client__in=clients) & ~Q(owner_id=person.pk) & ~Q(reported_by_id=person.pk)


@policy_for(Condition)
class ConditionPolicy(_OfCase):
    """view: who sees the case, and of approved ones the risk assessors. report: who is responsible, the account manager
    and the co-managers. settle: a second person. Whether a condition still has to be met is the services' question.
    """

    def filter(self, person: Viewer, action: str) -> Q:
        seen = super().filter(person, "view")
        if Role.RISK_ASSESSOR in person.roles:
            seen |= Q(case__status=CaseStatus.APPROVED)
        if action == "view":
            return seen
        binds = seen & Q(case__status=CaseStatus.APPROVED)
        if action == "report":
            mine = Q(owner_id=person.pk) | Q(case__project__client__in=Client.objects.filter(managed(person)))
            return binds & mine & Q(status__in=Condition.UNSETTLED)
        if action == "settle":
            return binds & settled_by(person) & Q(status=Condition.Status.TO_VERIFY)
        return NOBODY

    def can(self, person: Viewer, action: str, obj: Any) -> Decision:
        if obj is None or action not in ("report", "settle"):
            return super().can(person, action, obj)
        client_id = obj.case.project.client_id
        if action == "report":
            keeps = Client.objects.filter(managed(person), pk=client_id).exists()
            return ALLOWED if keeps or obj.owner_id == person.pk else refused(NOT_RESPONSIBLE)
        if person.pk in (obj.owner_id, obj.reported_by_id) or works_on(person, client_id):
            return refused(ITS_OWN)
        settles = Condition.objects.filter(settled_by(person), pk=obj.pk).exists()
        return ALLOWED if settles else refused(NOT_A_SETTLER)


@policy_for(ConflictDeclaration)
class ConflictDeclarationPolicy(_OfCase):
    pass


@policy_for(ReturnItem)
class ReturnItemPolicy(_OfCase):
    path = "decision__case"


@policy_for(Rehearing)
class RehearingPolicy(_OfCase):
    pass


@policy_for(Prolongation)
class ProlongationPolicy(_OfCase):
    pass


@policy_for(RehearingDocument)
class RehearingDocumentPolicy(_OfCase):
    path = "rehearing__case"
