"""Moves of a cover as a table: a second person confirms or refuses it; recall and return end it."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from crm.kernel.cover.policies import CONFIRM, END
from crm.kernel.people.models import Cover, Person

JOINS = ("person__department", "deputy")
ASKED = (Cover.State.ASKED,)


def refuse_state(cover: Cover, move: Move) -> Conflict:
    """Somebody has decided or ended it already."""
    status = {"status": cover.get_state_display()}
    return Conflict(_("This cover is no longer open for this: it is %(status)s.") % status, code="decided")


def hold_people(*keys: int) -> dict[int, Person]:
    """Both people under their locks, the lower key first: no cover of either changes meanwhile."""
    rows = Person.objects.select_for_update(no_key=True, of=("self",)).select_related("department", "post")
    return {person.pk: person for person in rows.filter(pk__in=keys).order_by("pk")}


def _hold_people_of(cover: Cover) -> dict[int, Person]:
    return hold_people(cover.person_id, cover.deputy_id)


def select_covers() -> QuerySet[Cover]:
    """Covers with both people and the department the policy asks of."""
    return Cover.objects.select_related(*JOINS)


COVER = Workflow(
    model=Cover,
    moves=(
        Move("confirm", ASKED, Cover.State.CONFIRMED, action=CONFIRM, audit="cover.confirmed"),
        Move("refuse", ASKED, Cover.State.REFUSED, action=CONFIRM, audit="cover.refused"),
        Move("end", Cover.LIVE, Cover.State.ENDED, action=END, audit="cover.ended"),
    ),
    refuse_state=refuse_state,
    state="state",
    lock_first=_hold_people_of,
    rows=select_covers,
)
