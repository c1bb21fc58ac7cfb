"""Acts on a client request as a table: from which states each starts, where it leads, who may."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.requests.models import ServiceRequest
from clients.requests.policies import ASSIGN, WORK
from crm.kernel.access.errors import Conflict
from crm.kernel.access.policies import Viewer
from crm.kernel.access.workflow import Move, Workflow

State = ServiceRequest.State
RUNNING, UNCLOSED = (State.OPEN, State.ANSWERED), (State.OPEN, State.ANSWERED, State.SOLVED)


def refuse_state(row: ServiceRequest, move: Move) -> Conflict:
    """The request does not stand where the act starts."""
    if move.code == "close" and row.state == State.OPEN:
        return Conflict(_("This request has no answer yet: answer and solve it before closing it."), code="unanswered")
    if move.code == "close" and row.state == State.ANSWERED:
        return Conflict(_("This request is not solved yet: record the solution before closing it."), code="unsolved")
    if move.code == "reopen":
        return Conflict(_("This request is still being handled."), code="state")
    return Conflict(_("This request is solved or closed already; reopen it first."), code="state")


def refuse_owned(row: ServiceRequest, by: Viewer) -> Conflict | None:
    """Only what waits in the queue is taken from it."""
    if row.owner is None:
        return None
    return Conflict(_("%(name)s already handles this request.") % {"name": row.owner.name}, code="taken")


def select_requests() -> QuerySet[ServiceRequest]:
    """Requests with the client, its account manager and who handles them."""
    return ServiceRequest.objects.select_related("client__owner", "owner", "contact", "recorded_by")


REQUEST = Workflow(
    model=ServiceRequest,
    moves=(
        Move("take", RUNNING, action=WORK, audit="request.taken", guards=("unowned",)),
        Move("assign", UNCLOSED, action=ASSIGN, audit="request.assigned"),
        Move("answer", RUNNING, State.ANSWERED, action=WORK, audit="request.answered"),
        Move("solve", RUNNING, State.SOLVED, action=WORK, audit="request.solved"),
        Move("close", (State.SOLVED,), State.CLOSED, action=WORK, audit="request.closed"),
        Move("reopen", (State.SOLVED, State.CLOSED), State.ANSWERED, action=WORK, audit="request.reopened"),
        Move("promise", RUNNING, action=WORK, audit="request.promised"),
    ),
    refuse_state=refuse_state,
    state="state",
    guards={"unowned": refuse_owned},
    rows=select_requests,
)
