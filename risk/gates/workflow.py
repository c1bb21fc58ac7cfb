"""Moves of a waiver as a table: what was asked for is given, declined, or asked for anew."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from projects.deals.models import Project
from risk.gates.models import GateWaiver
from risk.gates.policies import DECIDE

ASKED = (GateWaiver.Status.ASKED,)


def refuse_state(waiver: GateWaiver, move: Move) -> Conflict:
    """Somebody has decided already, or asked anew."""
    status = {"status": waiver.get_status_display()}
    return Conflict(_("This request is no longer open: it is %(status)s.") % status, code="decided")


def lock_project(waiver: GateWaiver) -> None:
    """The deal comes first in the lock order."""
    Project.objects.select_for_update(of=("self",)).get(pk=waiver.project_id)


def rows() -> QuerySet[GateWaiver]:
    """Waivers with the deal and who was asked."""
    return GateWaiver.objects.select_related("project", "asked_of")


WAIVER = Workflow(
    model=GateWaiver,
    moves=(
        Move("grant", ASKED, GateWaiver.Status.GRANTED, action=DECIDE, audit="gate_waiver.granted"),
        Move("decline", ASKED, GateWaiver.Status.DECLINED, action=DECIDE, audit="gate_waiver.declined"),
    ),
    refuse_state=refuse_state,
    lock_first=lock_project,
    rows=rows,
)
