"""A hearing in hand. Lock order: deal with client, case, seats, hearing; a vote takes case and hearing only."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.kernel.access.checks import get_visible, require
from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Transition, transition
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from risk.committee.models import AgendaItem, Attendance
from risk.committee.policies import KEEP
from risk.committee.rules.voting import Rules, has_quorum
from risk.committee.workflow import HEARING
from risk.reviews.models import ReviewCase, Stage
from risk.reviews.services.locks import Held, lock_case, translate_constraint

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class HeldHearing:
    """The locked hearing with its locked case, for an act of the secretary."""

    move: Transition[AgendaItem]
    case: ReviewCase
    held: Held | None  # None where the case is no longer open

    @property
    def row(self) -> AgendaItem:
        return self.move.row

    @property
    def is_at_committee(self) -> bool:
        """Whether the case still waits for this hearing."""
        here = self.held is not None and self.case.stage == Stage.COMMITTEE
        return here and self.case.round == self.row.round

    @property
    def rules(self) -> Rules:
        return Rules.of(parameters.value("committee.rules").value)

    def list_voters(self) -> list[Attendance]:
        """Who was recorded as present and has not recused since."""
        seats = self.held.seats if self.held else {}
        rows = Attendance.objects.filter(item=self.row, state=Attendance.State.PRESENT).order_by("pk")
        return [one for one in rows if (seat := seats.get(one.person_id)) is None or seat.recused_at is None]

    @property
    def has_quorum(self) -> bool:
        """Whether those who may still vote are enough."""
        return has_quorum(self.row.seats or 0, len(self.list_voters()), self.rules)

    def require_at_committee(self) -> Held:
        """Refuse (409) a case that was taken back or moved on."""
        if self.held is None or not self.is_at_committee:
            raise Conflict(_("The case no longer waits for this hearing."), code="case_moved_on")
        return self.held


def lock_hearing(code: str, item: AgendaItem, *, expected_version: int | None, by: Person) -> HeldHearing:
    """Lock case and hearing for an act of the secretary: 404, 403, 428/412, 409 in this order."""
    seen = get_visible(AgendaItem, by, pk=item.pk)
    require(by, KEEP, seen)
    held: Held | None = None
    case = ReviewCase.objects.get(pk=seen.case_id)
    if case.is_open:
        held = lock_case("vote", case, by)
        case = held.case
    return HeldHearing(transition(HEARING, code, seen, by=by, expected_version=expected_version), case, held)


def act_once(service: Callable[P, R]) -> Callable[P, R]:
    """All or nothing; a constraint that a racing act met first becomes a refusal in words."""

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return service(*args, **kwargs)
        except IntegrityError as error:
            raise _translate(error) from error

    return run


def _translate(error: IntegrityError) -> Exception:
    reasons = {
        "risk_vote_once": _("You have already voted on this case."),
        "risk_vote_in_turn": _("The ballot is closed, or you have no vote in it."),
        "risk_vote_has_attendance": _("You are not recorded as present with a vote at this hearing."),
        "risk_agendaitem_one_open": _("This case already stands on an agenda."),
        "risk_agendaitem_one_result": _("The committee has decided on this round already."),
        "risk_meeting_number": _("Somebody else has just convened a meeting: try again."),
    }
    for name, reason in reasons.items():
        if name in str(error):
            return Conflict(reason, code=name.removeprefix("risk_"))
    return translate_constraint(error)
