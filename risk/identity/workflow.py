"""Moves of a change of identity as a table: a second person confirms or declines, its proposer withdraws."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.file.models import Client
from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from risk.identity.models import IdentityChange
from risk.identity.policies import DECIDE, WITHDRAW

PROPOSED = (IdentityChange.Status.PROPOSED,)


def refuse_state(change: IdentityChange, move: Move) -> Conflict:
    """Somebody has decided already."""
    status = {"status": change.get_status_display()}
    return Conflict(_("This change is no longer waiting for confirmation: it is %(status)s.") % status, code="decided")


def lock_client(change: IdentityChange) -> None:
    """The client comes first in the lock order."""
    Client.objects.select_for_update(of=("self",)).get(pk=change.client_id)


def rows() -> QuerySet[IdentityChange]:
    """Changes with client and department."""
    return IdentityChange.objects.select_related("client__department")


IDENTITY = Workflow(
    model=IdentityChange,
    moves=(
        Move("confirm", PROPOSED, IdentityChange.Status.CONFIRMED, action=DECIDE, audit="client.identity_confirmed"),
        Move(
            "withdraw",
            PROPOSED,
            IdentityChange.Status.WITHDRAWN,
            action=WITHDRAW,
            audit="client.identity_withdrawn",
        ),
        Move("reject", PROPOSED, IdentityChange.Status.REJECTED, action=DECIDE, audit="client.identity_declined"),
    ),
    refuse_state=refuse_state,
    lock_first=lock_client,
    rows=rows,
)
