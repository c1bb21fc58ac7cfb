"""Moves of a facility as a table: a second person confirms or declines it, and later its settlement."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.file.models import Client
from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from projects.facilities.models import Facility, FacilityBalance
from projects.facilities.policies import CONFIRM, SETTLE, SETTLED, TELL, WITHDRAW

State = Facility.State


def refuse_state(facility: Facility, move: Move) -> Conflict:
    """Somebody has moved it already."""
    status = {"status": facility.get_state_display()}
    return Conflict(_("This is no longer open for this facility: it is %(status)s.") % status, code="moved")


def refuse_own_contract(facility: Facility, by: Any) -> Conflict | None:
    """The balances of a project's own contract come from its draw-downs and repayments."""
    if facility.project_id is None:
        return None
    return Conflict(_("The balance of this contract comes from its draw-downs and repayments."), code="own_contract")


def refuse_outstanding(facility: Facility, by: Any) -> Conflict | None:
    """A project's own contract is settled once nothing is outstanding."""
    if facility.project_id is None:
        return None
    last = FacilityBalance.objects.filter(facility=facility).order_by("-as_of", "-id").first()
    if last is None or not last.outstanding:
        return None
    return Conflict(_("%(sum)s yuan are still outstanding.") % {"sum": last.outstanding}, code="outstanding")


def hold_client(facility: Facility) -> None:
    """The client comes first in the lock order: its exposure is counted under it."""
    Client.objects.select_for_update(of=("self",)).get(pk=facility.client_id)


def select_facilities() -> QuerySet[Facility]:
    """Facilities with the client and whom the policies ask about."""
    rows = Facility.objects.select_related("client__department", "client__owner", "paper")
    return rows.defer("client__grams", "client__sounds", "client__identity_number")


FACILITY = Workflow(
    model=Facility,
    moves=(
        Move("confirm", (State.ENTERED,), State.CONFIRMED, action=CONFIRM, audit="facility.confirmed"),
        Move("refuse", (State.ENTERED,), State.REFUSED, action=CONFIRM, audit="facility.refused"),
        Move("withdraw", (State.ENTERED,), State.WITHDRAWN, action=WITHDRAW, audit="facility.withdrawn"),
        Move(
            "settle",
            (State.CONFIRMED,),
            State.SETTLING,
            action=SETTLE,
            audit="facility.settlement_reported",
            guards=("paid_back",),
        ),
        Move("settled", (State.SETTLING,), State.SETTLED, action=SETTLED, audit="facility.settled"),
        Move("unsettled", (State.SETTLING,), State.CONFIRMED, action=SETTLED, audit="facility.settlement_refused"),
        Move("tell", Facility.COUNTING, action=TELL, audit="facility.balance_told", guards=("told_by_people",)),
    ),
    guards={"paid_back": refuse_outstanding, "told_by_people": refuse_own_contract},
    refuse_state=refuse_state,
    state="state",
    lock_first=hold_client,
    rows=select_facilities,
)
