"""A case in hand: its rows locked in the house's one order (deal with client, case, seats), and who moves it where.

`move` is the only place that writes a case's status, stage, round or step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from crm.kernel.access.checks import ANY_VERSION
from crm.kernel.access.errors import Conflict, DomainError, PreconditionRequired, Stale
from crm.kernel.access.policies import Viewer
from crm.kernel.access.workflow import Check, Move, Transition, Workflow, transition
from crm.kernel.workdays import clock
from projects.deals.models import Project
from risk.reviews.models import Condition, Decision, ReviewCase, ReviewRound, ReviewSeat, SeatStage
from risk.reviews.selectors.eligibility import holds_deciding_role
from risk.reviews.selectors.letters import StandIn
from risk.reviews.subjects import subject_of
from risk.reviews.workflow import WITHDRAWABLE, CaseStatus

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Held:
    """The locked rows of a case, the present round, and the move they are held for (None at a submission). `letter`: by
    which cover the actor decides for another.
    """

    case: ReviewCase
    seats: dict[int, ReviewSeat]
    round: ReviewRound
    moving: Transition[ReviewCase] | None = None
    has_conditions_to_meet: bool = False
    letter: StandIn | None = None

    @property
    def move(self) -> Transition[ReviewCase]:
        """The move that was asked for; it writes the case and records the act."""
        assert self.moving is not None
        return self.moving

    @property
    def project(self) -> Project:
        return self.case.project

    @property
    def proposed(self) -> Project:
        """The project as the subject asks for it: a copy, never saved."""
        return subject_of(self.case).propose(self.case, self.project)

    def find_voices(self) -> set[int] | None:
        """Seated deciders who declared no conflict, did not recuse and still hold a deciding role; None where a seat
        was given since the rows were locked, so that this is not known of all.
        """
        heard = [
            seat
            for seat in self.seats.values()
            if seat.stage != SeatStage.MAKER and seat.recused_at is None and seat.declared_at is not None
        ]
        if not all(hasattr(seat, "holds_role") for seat in heard):
            return None
        return {seat.person_id for seat in heard if seat.holds_role}  # type: ignore[attr-defined]

    def seat_of(self, person: Viewer) -> ReviewSeat | None:
        """The person's one seat in this case."""
        return self.seats.get(person.pk)


def lock_project(pk: int) -> Project:
    """The deal and its client, locked, with all that a round looks at. First of the lock order.

    The client is held as well: two deals of one client count towards one exposure, and its owner is a maker.
    """
    return (
        Project.objects.select_for_update(of=("self", "client"))
        .select_related("owner", "department", "client__standing", "client__owner__department", "client__department")
        .get(pk=pk)
    )


def lock_case(code: str, case: ReviewCase, by: Any, *, expected_version: int | None = ANY_VERSION) -> Held:
    """Lock project, case and seats for the move `code` of `MOVES`. Five queries.

    404 for who does not see the case, 403 for who may not, 409 for the wrong state, 428/412 for the version.
    """
    project = lock_project(case.project_id)
    moving = transition(MOVES, code, case, by=by, expected_version=expected_version)
    held = moving.row
    held.project = project
    seats = ReviewSeat.objects.select_for_update(of=("self",)).filter(case=held).order_by("pk")
    by_person: dict[int, Any] = {seat.person_id: seat for seat in seats.annotate(holds_role=holds_deciding_role())}
    to_meet = Condition.objects.filter(case=OuterRef("case"), status=Condition.Status.OPEN, due_on__isnull=False)
    found = ReviewRound.objects.annotate(to_meet=Exists(to_meet)).get(case=held, number=held.round)
    return Held(held, by_person, found, moving, has_conditions_to_meet=found.to_meet)


def check_move(code: str, case: ReviewCase, expected_version: int | None) -> None:
    """Refuse a wrong state (409) or version (428/412) as the move itself would; for a page, which has no lock."""
    if not MOVES.is_possible(code, case):
        raise _refuse_state(case, MOVES.by_code[code])
    if expected_version is None:
        raise PreconditionRequired(field=MOVES.version_field)
    if case.version != expected_version:
        raise _refuse_stale(case)


def _refuse_state(case: ReviewCase, move: Move) -> Conflict:
    """The case is closed for this move, and what happened."""
    closed = _("This case is closed for decisions: it is %(status)s. %(what)s")
    final = _("This case can no longer be withdrawn: it is %(status)s. %(what)s")
    words = {"status": case.get_status_display(), "what": describe_last_move(case)}
    return Conflict((final if move.code == "withdraw" else closed) % words, code="closed")


def _refuse_stale(case: ReviewCase) -> Stale:
    """An old version, and what happened since."""
    return Stale(
        _("This case has changed since you opened it. %(what)s") % {"what": describe_last_move(case)},
        field="expected_version",
        details={"current_version": case.version},
    )


def _select_rows() -> QuerySet[ReviewCase]:
    """Cases with what their policy asks."""
    return ReviewCase.objects.select_related("project__client__department")


# Whose turn it is to decide is asked after the lock, by `declare.require_voice`: the refusal says who can.
MOVES = Workflow(
    model=ReviewCase,
    moves=(
        Move("declare", (CaseStatus.OPEN,), action="view", audit="review.declared"),
        Move("decide", (CaseStatus.OPEN,), action="view", audit="review.decided"),
        Move("vote", (CaseStatus.OPEN,), action="view", audit="review.decided"),
        Move("nudge", (CaseStatus.OPEN,), audit="review.nudged"),
        Move("withdraw", WITHDRAWABLE, CaseStatus.WITHDRAWN, audit="review.withdrawn"),
    ),
    checks=(Check.PERMITTED, Check.STATE, Check.VERSION, Check.GUARDS),
    refuse_state=_refuse_state,
    refuse_stale=_refuse_stale,
    version_field="expected_version",
    rows=_select_rows,
)


def describe_last_move(case: ReviewCase) -> str:
    """The last decision and where the case stands, in one or two sentences."""
    last = Decision.objects.filter(case=case).select_related("person").order_by("-decided_at", "-pk").first()
    said = ""
    if last is not None:
        said = _("%(name)s decided at the %(stage)s on %(time)s: %(verb)s.") % {
            "name": last.kept.person.name,
            "stage": last.get_stage_display(),
            "time": last.decided_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M"),
            "verb": last.get_verb_display(),
        }
    now = _("It is now at the %(stage)s of round %(round)d: %(status)s.") % {
        "stage": case.get_stage_display(),
        "round": case.round,
        "status": case.get_status_display(),
    }
    return f"{said} {now}".strip()


def run_as_one_act(service: Callable[P, R]) -> Callable[P, R]:
    """One act: all or nothing, and a constraint that a racing transaction met first becomes a Conflict in words."""

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return service(*args, **kwargs)
        except IntegrityError as error:
            raise translate_constraint(error) from error

    return run


def translate_constraint(error: IntegrityError) -> DomainError:
    """The refusal behind a violated constraint. A constraint we do not know is a fault of ours and stays one."""
    text = str(error)
    reasons = {
        "risk_decision_one_per_step": _("Somebody else has just decided this stage."),
        "risk_decision_one_per_person": _("You have already decided this stage in this round."),
        "risk_decision_in_turn": _("The case has changed: it is closed or at another stage."),
        "risk_decision_has_voice": _("You are recused or worked on this case and cannot decide."),
        "risk_decision_letter_holds": _("The letter of cover no longer holds."),
        "risk_decision_principal_has_seat": _("The person you stand in for has another part in this case."),
        "risk_decision_has_seat": _("You have no seat at this stage of this case."),
        "risk_decision_within_terms": _("The terms exceed what was asked for or what the earlier stage carried."),
        "risk_decision_over_its_dossier": _("This is not the dossier of this round."),
        "risk_reviewseat_one_per_person": _("You already hold another seat in this case."),
        "risk_reviewcase_one_per_project": _("This project is already in review."),
        "risk_reviewcase_one_open_per_kind": _("A review of this kind is already open for this project."),
        "risk_reviewround_once": _("This round was opened already."),
    }
    for name, reason in reasons.items():
        if name in text:
            return Conflict(reason, code=name.removeprefix("risk_"))
    raise error
