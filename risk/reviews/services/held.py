"""A case in hand: its rows locked in the house's one order (deal with client, case, seats), and who moves it where.

`move` is the only place that writes a case's status, stage, round or step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from clients.file.models import ClientGrant
from crm.kernel.access.checks import get_visible
from crm.kernel.access.errors import Conflict, DomainError, PreconditionRequired, Stale
from crm.kernel.access.grants import set_grants
from crm.kernel.access.policies import Viewer
from crm.kernel.parameters.selectors import ParameterValue
from crm.kernel.people.models import Person, RoleGrant
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from projects.deals.models import Project, ProjectGrant
from projects.deals.services import project_review_progress
from risk.reviews.models import CLOSED, Decision, ReviewCase, ReviewRound, ReviewSeat, SeatStage
from risk.reviews.services import eligibility, reminders
from risk.reviews.workflow import ROWS, STAGES

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


def hold(case: ReviewCase, by: Viewer) -> Held:
    """Lock deal, case and seats; NotVisible if `by` does not see the case. Five queries."""
    project = lock_project(case.project_id)
    held = get_visible(ReviewCase, by, lock=True, pk=case.pk)
    held.project = project
    seats = ReviewSeat.objects.select_for_update(of=("self",)).filter(case=held).order_by("pk")
    by_person = {seat.person_id: seat for seat in seats}
    return Held(held, by_person, ReviewRound.objects.get(case=held, number=held.round))


def check_seen(held: Held, expected_version: int | None) -> None:
    """428 without a version; 412 with an old one, saying what happened since."""
    case = held.case
    if expected_version is None:
        raise PreconditionRequired(field="expected_version")
    if case.version != expected_version:
        raise Stale(
            _("This case has changed since you opened it. %(what)s") % {"what": what_happened(case)},
            field="expected_version",
            details={"current_version": case.version},
        )


def check_open(case: ReviewCase) -> None:
    """409 unless somebody's decision is awaited."""
    if not case.is_open:
        raise Conflict(
            _("This case is closed for decisions: it is %(status)s. %(what)s")
            % {"status": case.get_status_display(), "what": what_happened(case)},
            code="closed",
        )


def what_happened(case: ReviewCase) -> str:
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
    now = _("It is now at the %(stage)s of round %(round)d: %(status)s.") % {
        "stage": case.get_stage_display(),
        "round": case.round,
        "status": case.get_status_display(),
    }
    return f"{said} {now}".strip()


def seat(held: Held, person: Person, stage: str, *, declared_at: datetime | None) -> ReviewSeat:
    """Give `person` the seat of `stage`; the present one if it is that. Conflict when they sit elsewhere."""
    present = held.seats.get(person.pk)
    if present is not None:
        if present.stage != stage:
            raise Conflict(_("You already hold another seat in this case."), code="seated_elsewhere")
        if present.declared_at is None and declared_at is not None:
            present.declared_at = declared_at
            present.save(update_fields=["declared_at"])
        return present
    given = ReviewSeat.objects.create(case=held.case, person=person, stage=stage, declared_at=declared_at)
    held.seats[person.pk] = given
    return given


def due(case: ReviewCase, sla: ParameterValue, *, since: date | None = None) -> None:
    """Set the day until which the present stage must decide, counted from today unless told (rules 1.2)."""
    deadline = add_workdays(since or clock.today(), int(sla.value[ROWS[case.stage].sla]))
    case.due_on, case.due_provisional = deadline.date, deadline.provisional


def move(case: ReviewCase, *fields: str, **changes: Any) -> None:
    """Write the case's new state and count its version up."""
    for name, value in changes.items():
        setattr(case, name, value)
    case.version += 1
    case.save(update_fields=[*dict.fromkeys([*changes, *fields]), "version"])


def tell_deal(case: ReviewCase, project: Project, people: list[Person], *, by: Viewer) -> None:
    """What the deal shows of its review: the stage, until when, and who is waited for. `project` is locked."""
    project_review_progress(
        project=project,
        stage=case.stage,
        due_on=case.due_on,
        waiting_for=[person.name for person in people],
        waiting_since=case.stage_since,
        by=by,
    )


def await_next(held: Held, *, months: int, rules: reminders.Rules | None = None, by: Viewer) -> list[Person]:
    """Tell the deal whose move it is and let exactly those people (and who has decided) see deal and client.

    The stage's clock is set: reminders and escalation at their moments. An empty set alarms: `review.nobody_eligible`
    is recorded, who can see to it is told, the case and 我的一天 show it.
    """
    case = held.case
    people = eligibility.eligible_people(case, months=months)
    tell_deal(case, held.project, people, by=by)
    let_see(held, people, by=by)
    reminders.schedule_clock(case, rules=rules)
    if not people:
        reminders.nobody_may(case, by=by)
    return people


def source_of(case: ReviewCase) -> str:
    """The source under which a case's grants on deal and client are kept."""
    return f"review:{case.number}"


def with_a_voice(seats: QuerySet[ReviewSeat]) -> QuerySet[ReviewSeat, tuple[int, int]]:
    """(case, person) of deciders who declared no conflict, did not recuse and still hold a deciding role."""
    deciding = RoleGrant.objects.in_force().filter(
        person=OuterRef("person"), role__in=[row.role for row in STAGES], person__is_active=True
    )
    rows = seats.exclude(stage=SeatStage.MAKER).filter(recused_at__isnull=True, declared_at__isnull=False)
    return rows.filter(Exists(deciding)).values_list("case_id", "person_id")


def let_see(held: Held, people: list[Person], *, by: Viewer) -> None:
    """Reviewers' grants: `people` and the seated deciders with a voice, nobody else.

    On the deal they stay for who signed; on the client they end with the case (rules 7.3).
    """
    seated = {person for _case, person in with_a_voice(ReviewSeat.objects.filter(case=held.case))}
    wanted = seated | {person.pk for person in people}
    reason = _("Reviews %(case)s") % {"case": held.case.number}
    source = source_of(held.case)
    on_client = set() if held.case.status in CLOSED else wanted
    for model, obj, who in ((ProjectGrant, held.project, wanted), (ClientGrant, held.project.client, on_client)):
        set_grants(model, obj, action="view", person_ids=who, source=source, reason=reason, by=by)


def act(service: Callable[P, R]) -> Callable[P, R]:
    """One act: all or nothing, and a constraint that a racing transaction met first becomes a Conflict in words."""

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return service(*args, **kwargs)
        except IntegrityError as error:
            raise conflict_of(error) from error

    return run


def conflict_of(error: IntegrityError) -> DomainError:
    """The refusal behind a violated constraint. A constraint we do not know is a fault of ours and stays one."""
    text = str(error)
    reasons = {
        "risk_decision_one_per_step": _("Somebody else has just decided this stage."),
        "risk_decision_one_per_person": _("You have already decided this stage in this round."),
        "risk_decision_in_turn": _("The case has changed: it is closed or at another stage."),
        "risk_decision_has_voice": _("You are recused or worked on this case and cannot decide."),
        "risk_decision_has_seat": _("You have no seat at this stage of this case."),
        "risk_decision_over_its_dossier": _("This is not the dossier of this round."),
        "risk_reviewseat_one_per_person": _("You already hold another seat in this case."),
        "risk_reviewcase_one_per_project": _("This project is already in review."),
        "risk_reviewround_once": _("This round was opened already."),
    }
    for name, reason in reasons.items():
        if name in text:
            return Conflict(reason, code=name.removeprefix("risk_"))
    raise error
