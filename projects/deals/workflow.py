"""States and moves of a project as a table. A review locks the project; only its outcome frees it."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Conflict, Text
from crm.kernel.access.workflow import Check, Move, Workflow
from projects.deals.models import Project, ProjectDocument
from projects.deals.policies import CHANGE, WITHDRAW

Status = Project.Status
# What an approved project still takes, and the move that it is.
PAPERS_OF_APPROVED = {ProjectDocument.Kind.CONTRACT: "contract", ProjectDocument.Kind.AMENDMENT: "evidence"}
OPEN_FOR_CHANGE = (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN, Status.LAPSED)


def why_closed(project: Project) -> Conflict:
    """The refusal of a change while a review holds the deal, or after it was decided; pages show it beforehand."""
    if project.is_locked:
        reason: Text = _(
            "Review %(case)s has locked this project: the project and its documents can be changed only after a "
            "return or withdrawal."
        ) % {"case": project.locked_by_review}
        return Conflict(reason, code="locked_by_review", details={"case": project.locked_by_review})
    reason = _("This project was decided on %(day)s and can no longer be changed.") % {"day": project.decided_on}
    return Conflict(reason, code="decided")


def why_no_draft(project: Project) -> Conflict:
    """The refusal to withdraw what is no draft; the page shows it beforehand."""
    if not project.is_open_for_change:
        return why_closed(project)
    if project.status == Status.LAPSED:
        return Conflict(_("The approval of this project lapsed: submit it again to renew it."), code="lapsed")
    if project.status == Status.RETURNED:
        return Conflict(_("This project was returned by a review; withdraw that review instead."), code="returned")
    return Conflict(_("This project is already withdrawn."), code="withdrawn")


def why_free(project: Project) -> Conflict:
    """The refusal of a review's word on a project that no review holds."""
    return Conflict(_("No review is open for this project."))


def refuse_state(project: Project, move: Move) -> Conflict:
    """Why the move does not start from here, in words."""
    words = {
        "change": why_closed,
        "contract": why_closed,
        "evidence": why_closed,
        "supplement": why_closed,
        "withdraw": why_no_draft,
        "lock": why_closed,
    }
    return words.get(move.code, why_free)(project)


def rows_of_review() -> QuerySet[Project]:
    """What the moves of a review read besides."""
    return Project.objects.select_related("client__owner")


# What people do to a project. A locked or decided one says so before the version is looked at.
PROJECT = Workflow(
    model=Project,
    moves=(
        Move("change", OPEN_FOR_CHANGE, action=CHANGE, audit="project.updated"),
        # The signed contract is filed under an approved project; nothing else of it changes.
        Move("contract", (Status.APPROVED,), action=CHANGE, audit="project.document_added"),
        # So are the papers of a requested change.
        Move("evidence", (Status.APPROVED,), action=CHANGE, audit="project.document_added"),
        # New facts for a re-hearing.
        Move("supplement", (Status.REJECTED,), action=CHANGE, audit="project.document_added"),
    ),
    refuse_state=refuse_state,
    checks=(Check.PERMITTED, Check.STATE, Check.VERSION),
)
DRAFT = Workflow(
    model=Project,
    moves=(Move("withdraw", (Status.DRAFT,), Status.WITHDRAWN, action=WITHDRAW, audit="project.withdrawn"),),
    refuse_state=refuse_state,
)
# What a review does to it: the review has asked its own policy and gates. `decide` names its target; a returned
# project is given up by the same move.
REVIEWED = Workflow(
    model=Project,
    moves=(
        Move("lock", OPEN_FOR_CHANGE, Status.IN_REVIEW, action="", audit="project.locked"),
        Move("rehear", (Status.REJECTED,), Status.IN_REVIEW, action="", audit="project.locked"),
        Move("progress", (Status.IN_REVIEW,), action=""),
        Move("decide", (Status.IN_REVIEW, Status.RETURNED), action=""),
        Move("prolong", (Status.APPROVED,), action="", audit="project.prolonged"),
        Move("amend", (Status.APPROVED,), action="", audit="project.terms_changed"),
        Move("lapse", (Status.APPROVED,), Status.LAPSED, action="", audit="project.lapsed"),
    ),
    refuse_state=refuse_state,
    rows=rows_of_review,
)
