"""Moves of a rating as a table: a proposal is confirmed or declined by a second person."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.file.models import Client
from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from risk.ratings.models import Rating

PROPOSED = (Rating.Status.PROPOSED,)


def refuse_state(rating: Rating, move: Move) -> Conflict:
    """Somebody has judged it already."""
    status = {"status": rating.get_status_display()}
    return Conflict(_("This rating is no longer waiting for confirmation: it is %(status)s.") % status, code="decided")


def lock_client(rating: Rating) -> None:
    """The client comes before its ratings in the lock order: two ratings of one client are judged one by one."""
    Client.objects.select_for_update(of=("self",)).get(pk=rating.client_id)


def rows() -> QuerySet[Rating]:
    """Ratings with their client."""
    return Rating.objects.select_related("client")


RATING = Workflow(
    model=Rating,
    moves=(
        Move("confirm", PROPOSED, Rating.Status.CONFIRMED, audit="rating.confirmed"),
        Move("reject", PROPOSED, Rating.Status.REJECTED, audit="rating.rejected"),
    ),
    refuse_state=refuse_state,
    lock_first=lock_client,
    rows=rows,
)
