"""Acts on an interaction and on a promise as tables: from which states each starts, where it leads, who may."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.relations.models import Interaction, Promise
from clients.relations.policies import CORRECT, SETTLE, WORK
from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow

State = Interaction.State
PLANNED, HELD, CANCELLED = (State.PLANNED,), (State.HELD,), (State.CANCELLED,)


def refuse_state(row: Interaction, move: Move) -> Conflict:
    """The interaction does not stand where the act starts."""
    if move.code == "minutes":
        return _refuse_minutes()
    if move.code == "note":
        return Conflict(_("It is still planned: correct it instead of adding a note."), code="state")
    if move.code in ("correct", "promise"):
        return Conflict(_("This interaction was cancelled."), code="state")
    return Conflict(_("This interaction was held or cancelled already."), code="state")


def refuse_settled(promise: Promise, move: Move) -> Conflict:
    """The promise was kept or dropped before."""
    return Conflict(_("This promise is settled already."), code="state")


def refuse_written(row: Interaction, by: Any) -> Conflict | None:
    """Minutes are written once."""
    return None if row.lacks_minutes else _refuse_minutes()


def _refuse_minutes() -> Conflict:
    return Conflict(_("Minutes are written once, after the interaction was held."), code="state")


def select_interactions() -> QuerySet[Interaction]:
    """Interactions with the client and its account manager, who gets the next contact to do."""
    return Interaction.objects.select_related("client__owner", "recorded_by")


def select_promises() -> QuerySet[Promise]:
    """Promises with the interaction and its client."""
    return Promise.objects.select_related("interaction__client")


INTERACTION = Workflow(
    model=Interaction,
    moves=(
        Move("hold", PLANNED, State.HELD, action=WORK, audit="interaction.held"),
        Move("correct", PLANNED + HELD, action=CORRECT, audit="interaction.corrected"),
        Move("cancel", PLANNED, State.CANCELLED, action=WORK, audit="interaction.cancelled"),
        Move("minutes", HELD, action=WORK, audit="interaction.minutes_written", guards=("written",)),
        Move("note", HELD + CANCELLED, action=WORK, audit="interaction.noted"),
        Move("promise", PLANNED + HELD, action=WORK),
    ),
    refuse_state=refuse_state,
    state="state",
    guards={"written": refuse_written},
    rows=select_interactions,
)
PROMISE = Workflow(
    model=Promise,
    moves=(Move("settle", (Promise.State.OPEN,), action=SETTLE, audit="promise.settled"),),
    refuse_state=refuse_settled,
    state="state",
    rows=select_promises,
)
