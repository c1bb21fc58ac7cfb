"""Moves of a cash-flow model as a table: drafted, checked, confirmed by another person; then superseded.

Lock order: the project, then its models. While a review holds the project no version moves.
"""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.kernel.access.errors import Conflict, DomainError
from crm.kernel.access.workflow import Move, Workflow
from projects.cashflow.models import CashflowModel
from projects.cashflow.policies import CONFIRM, EDIT
from projects.deals.models import Project

State = CashflowModel.State
HELD = frozenset({Project.Status.REJECTED, Project.Status.LAPSED})


def hold_project(pk: int) -> Project:
    """The project, locked."""
    rows = Project.objects.select_for_update(of=("self",)).select_related("client__owner", "client__department")
    return rows.get(pk=pk)


def refuse_held(project: Project) -> Conflict | None:
    """Why no version of a project moves now."""
    if project.is_locked:
        text = _("Review %(case)s holds this project: its cash-flow model changes only after a return or withdrawal.")
        return Conflict(text % {"case": project.locked_by_review}, code="locked")
    if project.status in HELD:
        return Conflict(_("This project is decided; its cash-flow model stays as it is."), code="decided")
    return None


def refuse_state(row: CashflowModel, move: Move) -> Conflict:
    """Somebody has moved it already."""
    status = {"status": row.get_state_display()}
    return Conflict(_("This is not possible for this version: it is %(status)s.") % status, code="moved")


def _is_free(row: CashflowModel, by: Any) -> DomainError | None:
    return refuse_held(row.project)


def select_models() -> QuerySet[CashflowModel]:
    """Versions with the project and whom the policies ask about."""
    rows = CashflowModel.objects.select_related("project__client__department", "project__client__owner")
    return rows.defer("project__grams", "project__sounds", "project__client__grams", "project__client__sounds")


GUARDS = ("free",)
CASHFLOW = Workflow(
    model=CashflowModel,
    moves=(
        Move("save", CashflowModel.OPEN, State.DRAFT, action=EDIT, audit="cashflow.saved", guards=GUARDS),
        Move("check", (State.DRAFT,), State.CHECKED, action=EDIT, audit="cashflow.checked", guards=GUARDS),
        Move("confirm", (State.CHECKED,), State.CONFIRMED, action=CONFIRM, audit="cashflow.confirmed", guards=GUARDS),
        Move("return", (State.CHECKED,), State.DRAFT, action=CONFIRM, audit="cashflow.returned", guards=GUARDS),
        Move("copy", (State.CONFIRMED, State.SUPERSEDED), action=EDIT, guards=GUARDS),
        Move("discard", CashflowModel.OPEN, State.VOID, action=EDIT, audit="cashflow.voided", guards=GUARDS),
    ),
    refuse_state=refuse_state,
    state="state",
    guards={"free": _is_free},
    lock_first=lambda row: hold_project(row.project_id),
    rows=select_models,
)
