"""Moves of an export that a person makes; all others are the worker's."""

from django.utils.translation import gettext as _

from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from crm.kernel.exports.models import ExportRun
from crm.kernel.exports.policies import CANCEL

State = ExportRun.State
WORK = (State.WAITING, State.RUNNING)


def refuse_state(run: ExportRun, move: Move) -> Conflict:
    """The worker or another page has moved it already."""
    return Conflict(_("The export has moved on: %(state)s.") % {"state": run.get_state_display()}, code="state")


RUN = Workflow(
    model=ExportRun,
    moves=(Move("cancel", WORK, State.CANCELLED, action=CANCEL, audit="export.cancelled"),),
    refuse_state=refuse_state,
    state="state",
)
