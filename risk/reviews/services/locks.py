"""A case in hand: its rows locked in the house's one order (deal with client, case, seats), and who moves it where.

`move` is the only place that writes a case's status, stage, round or step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.kernel.access.checks import get_visible
from crm.kernel.access.errors import Conflict, DomainError, PreconditionRequired, Stale
from crm.kernel.access.policies import Viewer
from crm.kernel.workdays import clock
from projects.deals.models import Project
from risk.reviews.models import Decision, ReviewCase, ReviewRound, ReviewSeat

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Held:
    """The locked rows of a case and the present round."""

    case: ReviewCase
    seats: dict[int, ReviewSeat]
    round: ReviewRound

    @property
    def project(self) -> Project:
        return self.case.project

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


def lock_case(case: ReviewCase, by: Viewer) -> Held:
    """Lock deal, case and seats; NotVisible if `by` does not see the case. Five queries."""
    project = lock_project(case.project_id)
    held = get_visible(ReviewCase, by, lock=True, pk=case.pk)
    held.project = project
    seats = ReviewSeat.objects.select_for_update(of=("self",)).filter(case=held).order_by("pk")
    by_person = {seat.person_id: seat for seat in seats}
    return Held(held, by_person, ReviewRound.objects.get(case=held, number=held.round))


def require_seen_version(case: ReviewCase, expected_version: int | None) -> None:
    """428 without a version; 412 with an old one, saying what happened since."""
    if expected_version is None:
        raise PreconditionRequired(field="expected_version")
    if case.version != expected_version:
        raise Stale(
            _("This case has moved on since you opened it. %(what)s") % {"what": describe_last_move(case)},
            field="expected_version",
            details={"current_version": case.version},
        )


def require_open(case: ReviewCase) -> None:
    """409 unless somebody's decision is awaited."""
    if not case.is_open:
        raise Conflict(
            _("This case is closed for decisions: it is %(status)s. %(what)s")
            % {"status": case.get_status_display(), "what": describe_last_move(case)},
            code="closed",
        )


def describe_last_move(case: ReviewCase) -> str:
    """The last decision and where the case stands, in one or two sentences."""
    last = Decision.objects.filter(case=case).select_related("person").order_by("-decided_at", "-pk").first()
    said = ""
    if last is not None:
        said = _("%(name)s decided at the %(stage)s on %(time)s: %(verb)s.") % {
            "name": last.person.name,
            "stage": last.get_stage_display(),
            "time": last.decided_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M"),
            "verb": last.get_verb_display(),
        }
    now = _("It stands at: %(stage)s, round %(round)d, %(status)s.") % {
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
        "risk_decision_one_per_step": _("Somebody else has just decided at this stage."),
        "risk_decision_one_per_person": _("You have already decided at this stage of this round."),
        "risk_decision_in_turn": _("The case has moved on: it is closed or stands at another stage."),
        "risk_decision_has_voice": _("You recused from this case or worked on it: you have no voice in it."),
        "risk_decision_has_seat": _("You have no seat at this stage of this case."),
        "risk_decision_over_its_dossier": _("The dossier of this round is another one."),
        "risk_reviewseat_one_per_person": _("You already have another part in this case."),
        "risk_reviewcase_one_per_project": _("This project is in review already."),
        "risk_reviewround_once": _("This round was opened already."),
    }
    for name, reason in reasons.items():
        if name in text:
            return Conflict(reason, code=name.removeprefix("risk_"))
    raise error
