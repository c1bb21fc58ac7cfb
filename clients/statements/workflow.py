"""Moves of a statement set as a table: entered, checked, confirmed by another person; then superseded or void."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.statements.models import Statement
from clients.statements.policies import CONFIRM, EDIT
from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow

State = Statement.State


def refuse_state(statement: Statement, move: Move) -> Conflict:
    """Somebody has moved it already."""
    status = {"status": statement.get_state_display()}
    return Conflict(_("This is not possible for these statements: they are %(status)s.") % status, code="moved")


def select_statements() -> QuerySet[Statement]:
    """Sets with the client and whom the policies ask about."""
    rows = Statement.objects.select_related("client__department", "client__owner", "paper")
    return rows.defer("client__grams", "client__sounds", "client__identity_number")


STATEMENT = Workflow(
    model=Statement,
    moves=(
        Move("save", Statement.OPEN, State.DRAFT, action=EDIT, audit="statement.saved"),
        Move("check", (State.DRAFT,), State.CHECKED, action=EDIT, audit="statement.checked"),
        Move("confirm", (State.CHECKED,), State.CONFIRMED, action=CONFIRM, audit="statement.confirmed"),
        Move("return", (State.CHECKED,), State.DRAFT, action=CONFIRM, audit="statement.returned"),
        Move("correct", (State.CONFIRMED,), action=EDIT, audit="statement.correction_started"),
        Move("discard", Statement.OPEN, State.VOID, action=EDIT, audit="statement.voided"),
        Move("void", (State.CONFIRMED,), State.VOID, action=CONFIRM, audit="statement.voided"),
    ),
    refuse_state=refuse_state,
    state="state",
    rows=select_statements,
)
