"""Moves of a limit as a table: what was proposed is approved or declined by the approver it names."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.file.models import Client
from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from risk.limits.models import CreditLimit
from risk.limits.policies import DECIDE

PROPOSED = (CreditLimit.Status.PROPOSED,)


def refuse_state(limit: CreditLimit, move: Move) -> Conflict:
    """Somebody has decided it, or a later proposal took its place."""
    status = {"status": limit.get_status_display()}
    return Conflict(_("This limit no longer waits for a decision: it is %(status)s.") % status, code="decided")


def lock_client(limit: CreditLimit) -> None:
    """The client comes before its limits in the lock order."""
    Client.objects.select_for_update(of=("self",)).get(pk=limit.client_id)


def rows() -> QuerySet[CreditLimit]:
    """Limits with their client and who was asked."""
    return CreditLimit.objects.select_related("client__standing", "client__industry", "asked_of")


LIMIT = Workflow(
    model=CreditLimit,
    moves=(
        Move("approve", PROPOSED, CreditLimit.Status.IN_FORCE, action=DECIDE, audit="limit.approved"),
        Move("decline", PROPOSED, CreditLimit.Status.DECLINED, action=DECIDE, audit="limit.declined"),
    ),
    refuse_state=refuse_state,
    lock_first=lock_client,
    rows=rows,
)
