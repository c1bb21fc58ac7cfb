"""Moves of an import as a table: each is its sender's own; the chunks between them are the worker's."""

from django.utils.translation import gettext as _

from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from crm.kernel.imports.models import ImportRun
from crm.kernel.imports.policies import CHANGE

State = ImportRun.State


def refuse_state(run: ImportRun, move: Move) -> Conflict:
    """The worker or another page has moved it already."""
    return Conflict(_("The import has moved on: %(state)s.") % {"state": run.get_state_display()}, code="state")


RUN = Workflow(
    model=ImportRun,
    moves=(
        Move("map", (State.UPLOADED, State.CHECKED), State.CHECKING, action=CHANGE, audit="import.mapped"),
        Move("start", (State.CHECKED,), State.RUNNING, action=CHANGE, audit="import.started"),
        Move(
            "cancel",
            (State.UPLOADED, State.CHECKING, State.CHECKED, State.RUNNING),
            State.CANCELLED,
            action=CHANGE,
            audit="import.cancelled",
        ),
        Move("undo", (State.DONE, State.CANCELLED), State.UNDOING, action=CHANGE, audit="import.undo_started"),
    ),
    refuse_state=refuse_state,
    state="state",
)
