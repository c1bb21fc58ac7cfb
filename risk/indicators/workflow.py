"""Moves of a warning as a table: it is answered, then closed by a second person; a closed one is never opened again."""

from django.utils.translation import gettext as _

from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from risk.indicators.models import WarningEpisode

OPEN = (True,)


def refuse_state(warning: WarningEpisode, move: Move) -> Conflict:
    """What is closed stays closed."""
    return Conflict(_("This warning is already closed."), code="closed")


WARNING = Workflow(
    model=WarningEpisode,
    state="is_open",
    moves=(
        Move("respond", OPEN, audit="warning.responded"),
        Move("close", OPEN, audit="warning.closed"),
    ),
    refuse_state=refuse_state,
)
