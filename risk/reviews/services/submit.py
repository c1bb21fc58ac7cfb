"""Submission: gates, frozen dossier, makers' seats, the locked deal, and the first (or next) round."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from clients.file.models import ClientGrant
from crm.kernel.access.checks import check_version, get_visible, require
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused
from crm.kernel.access.inputs import checked
from crm.kernel.audit.services import record
from crm.kernel.people.models import Person
from crm.kernel.text.sentences import listed
from crm.kernel.workdays import clock
from crm.kernel.workdays.rules.calendar import WorkCalendar
from projects.deals.models import Project
from projects.deals.policies import SUBMIT
from risk.reviews import parameter_codes as codes
from risk.reviews.models import (
    CaseCounter,
    CaseStatus,
    Condition,
    Decision,
    ReviewCase,
    ReviewRound,
    ReviewSeat,
    SeatStage,
    Stage,
)
from risk.reviews.rules.authority import Authority
from risk.reviews.rules.dossier import encode_canonical, hash_text
from risk.reviews.selectors import authority, dossier, gates
from risk.reviews.services.locks import Held, lock_project, run_as_one_act
from risk.reviews.services.moves import await_next, move_case, set_due_day
from risk.reviews.services.reheard import refuse_reheard_project
from risk.reviews.subjects import subject_of
from risk.reviews.workflow import APPROVALS, DEAL, RETURNS, below

LEAST_REASON = 10


@run_as_one_act
def review_submit(*, project: Project, expected_version: int | None, urgent_reason: str = "", by: Person) -> ReviewCase:
    """Open the review of `project`, or its next round after a return or a withdrawal; answer the case.

    `expected_version` is the deal's. 404/403 unless `by` works on the deal, 409 while a case is open or ended it, 412
    and 428 for the version, 422 with every gate that does not hold. `urgent_reason`: why the round is urgent; its
    stages then have the shorter limits, everything else is the same.
    """
    urgent = read_urgency(urgent_reason)
    get_visible(Project, by, pk=project.pk)
    project = lock_project(project.pk)
    require(by, SUBMIT, project)
    case = ReviewCase.objects.select_for_update(of=("self",)).filter(project=project, kind=DEAL).first()
    if case is not None:
        _refuse_if_running(case)
    refuse_reheard_project(project)
    check_version(project, expected_version)
    frozen = dossier.build_dossier(project)
    makers = collect_makers(project, frozen, by)
    seats = {} if case is None else lock_seats(case)
    refuse_deciding_investigators(frozen, seats)
    found = gates.check_gates(project, frozen)
    assert found.authority is not None
    frozen["gates"] = [verdict.as_data() for verdict in found.verdicts]
    return open_round(
        project, case, frozen, found.authority, found.rules, makers=makers, seats=seats, urgent=urgent, by=by
    )


def read_urgency(reason: str) -> str:
    """Why a round is urgent; empty where it is not. BadInput for a reason that says nothing."""
    text = str(checked(ReviewCase, {"urgent_reason": reason}, allowed=("urgent_reason",))["urgent_reason"])
    if text and len(text) < LEAST_REASON:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST_REASON}, field="urgent_reason")
    return text


def _refuse_if_running(case: ReviewCase) -> None:
    reasons = {
        CaseStatus.OPEN: _("Review %(case)s of this project is already open."),
        CaseStatus.APPROVED: _("This project was approved in review %(case)s."),
        CaseStatus.REJECTED: _("This project was rejected in review %(case)s: only a re-hearing can open it again."),
    }
    reason = reasons.get(CaseStatus(case.status))
    if reason:
        raise Conflict(reason % {"case": case.number}, code=f"case_{case.status}", details={"case": case.number})


def lock_seats(case: ReviewCase) -> dict[int, ReviewSeat]:
    rows = ReviewSeat.objects.select_for_update(of=("self",)).filter(case=case).order_by("pk")
    return {seat.person_id: seat for seat in rows}


def collect_makers(project: Project, frozen: dict[str, Any], by: Person) -> set[int]:
    """Creator, owners, co-managers, investigators, everyone who ever wrote to or investigated the deal, who submits."""
    co_managers = ClientGrant.objects.filter(
        content_object=project.client_id, permission__codename="change_client"
    ).values_list("user__person_id", flat=True)
    editors = project.editors.values_list("person_id", flat=True)
    investigators = {row["person"] for row in frozen["investigators"].values()}
    people = {project.created_by_id, project.owner_id, project.client.owner_id, by.pk}
    return people | investigators | set(co_managers.union(editors))


def refuse_deciding_investigators(frozen: dict[str, Any], seats: dict[int, ReviewSeat]) -> None:
    """Who has decided this case cannot come back as its investigator: name another one."""
    names = [
        row["name"]
        for row in frozen["investigators"].values()
        if row["person"] in seats and seats[row["person"]].stage != SeatStage.MAKER
    ]
    if names:
        raise RuleRefused(
            _("%(names)s has a reviewer's seat in this case and cannot investigate it.") % {"names": listed(names)},
            field="investigators",
            code="investigator_decided",
        )


@dataclass
class _Start:
    """How a round begins: its dossier, the first stage, and the decisions that stand in it."""

    text: str
    sha256: str
    stage: str = Stage.INITIAL.value
    carried: dict[str, int] = field(default_factory=dict)
    is_unchanged: bool = False


def open_round(
    project: Project,
    case: ReviewCase | None,
    frozen: dict[str, Any],
    found: Authority,
    rules: gates.Rules,
    *,
    makers: set[int],
    seats: dict[int, ReviewSeat],
    urgent: str = "",
    kind: str = DEAL,
    by: Person,
) -> ReviewCase:
    """Write case, round and makers' seats, let the subject hold the project, and let the first stage know.

    `kind`: the subject of a new case.
    """
    text = encode_canonical(frozen)
    start = _Start(text, hash_text(text))
    if case is not None:
        start.stage, start.carried, start.is_unchanged = _where_to_start(case, start, frozen, makers, seats)
    case, calendar = _write_case(project, case, start, found, rules, urgent=urgent, kind=kind, by=by)
    opened = ReviewRound.objects.create(
        case=case,
        number=case.round,
        dossier=start.text,
        dossier_sha256=start.sha256,
        starts_at=start.stage,
        carried=start.carried,
        opened_by=by,
        opened_at=case.stage_since,
    )
    _seat_makers(case, makers, seats)
    _conditions_of_the_past(case, start.carried)
    subject_of(case).hold(project, case, by=by)
    held = Held(case, seats, opened)
    await_next(held, months=int(rules[codes.LOOKBACK].value), rules=rules, calendar=calendar, by=by)
    record(
        "review.submitted",
        subject=case,
        by=by,
        reason=urgent,
        data={
            "project": project.pk,
            "round": case.round,
            "starts_at": start.stage,
            "dossier_sha256": start.sha256,
            "carried": start.carried,
            "required_level": case.required_level,
        },
        evidence=(opened,),
    )
    return case


def _write_case(
    project: Project,
    case: ReviewCase | None,
    start: _Start,
    found: Authority,
    rules: gates.Rules,
    *,
    urgent: str,
    kind: str,
    by: Person,
) -> tuple[ReviewCase, WorkCalendar]:
    """The new case, or the present one in its next round; and the calendar its due day was counted by."""
    now = clock.now()
    state: dict[str, Any] = {
        "status": CaseStatus.OPEN,
        "stage": start.stage,
        "step": 0,
        "required_level": found.level,
        "authority": authority.describe_authority(found, rules),
        "stage_since": now,
        "submitted_by": by,
        "closed_at": None,
        "urgent_reason": urgent,
    }
    if case is None:
        number = _next_number(now.astimezone(clock.SHANGHAI).year)
        case = ReviewCase(number=number, project=project, kind=kind, opened_at=now, **state)
        calendar = set_due_day(case, rules)
        case.save()
        return case, calendar
    case.project = project
    is_reheard = case.status == CaseStatus.REJECTED
    if (start.is_unchanged or is_reheard) and case.required_level > found.level:
        # An escalation asked for more than the matrix does: an unchanged project does not lose that by being returned,
        # and a re-hearing is decided at the level of the first hearing (rules-2 7.5).
        state |= {"required_level": case.required_level, "authority": case.authority}
    case.stage, case.urgent_reason = start.stage, urgent
    calendar = set_due_day(case, rules)
    move_case(case, "due_on", "due_provisional", round=case.round + 1, **state)
    return case, calendar


def _next_number(year: int) -> str:
    """`SC-2026-0001`: one statement counts up and holds the counter until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {CaseCounter._meta.db_table} (year, last) VALUES (%s, 1) "  # noqa: S608
            f"ON CONFLICT (year) DO UPDATE SET last = {CaseCounter._meta.db_table}.last + 1 RETURNING last",
            [year],
        )
        row = cursor.fetchone()
    return f"SC-{year}-{row[0]:04d}"


def _where_to_start(
    case: ReviewCase, start: _Start, frozen: dict[str, Any], makers: set[int], seats: dict[int, ReviewSeat]
) -> tuple[str, dict[str, int], bool]:
    """The next round's first stage, the decisions that stand in it, and whether the dossier is the same as before.

    Unchanged after a return: it starts at the return's target and the approvals below stand (architecture 5). Anything
    else, a withdrawal for instance, starts at the initial review.
    """
    last = ReviewRound.objects.get(case=case, number=case.round)
    same = last.dossier_sha256 == start.sha256
    nothing: tuple[str, dict[str, int], bool] = (Stage.INITIAL.value, {}, same)
    if case.status == CaseStatus.LAPSED:
        return _where_to_renew(case, last, frozen, makers, seats) or nothing
    if not same or case.status != CaseStatus.RETURNED:
        return nothing
    decisions = list(Decision.objects.filter(case=case, round=case.round).order_by("pk"))
    returned = next(row for row in reversed(decisions) if row.verb in RETURNS)
    standing = dict(last.carried)
    standing |= {row.stage: row.pk for row in decisions if row.verb in APPROVALS}
    carried = {stage: standing[stage] for stage in below(returned.target_stage) if stage in standing}
    return (returned.target_stage, carried, same) if _still_stand(carried, makers, seats) else nothing


def _where_to_renew(
    case: ReviewCase, last: ReviewRound, frozen: dict[str, Any], makers: set[int], seats: dict[int, ReviewSeat]
) -> tuple[str, dict[str, int], bool] | None:
    """A lapsed approval returns to the re-check (rules-2 1) while deal and investigators are those that were reviewed.

    The grade, the exposure and the documents may have moved on: they stand anew in the dossier of the round.
    """
    former = dossier.open_dossier(last)
    if any(former[part] != frozen[part] for part in ("project", "investigators")):
        return None
    standing = dict(last.carried)
    approvals = Decision.objects.filter(case=case, round=case.round, verb__in=APPROVALS)
    standing |= dict(approvals.values_list("stage", "pk"))
    carried = {stage: standing[stage] for stage in below(Stage.RECHECK) if stage in standing}
    if len(carried) < len(below(Stage.RECHECK)) or not _still_stand(carried, makers, seats):
        return None
    return Stage.RECHECK.value, carried, False


def _still_stand(carried: dict[str, int], makers: set[int], seats: dict[int, ReviewSeat]) -> bool:
    """Whether nobody who approved has worked on the deal since, or recused: such an approval does not stand."""
    people = set(Decision.objects.filter(pk__in=carried.values()).values_list("person_id", flat=True))
    return not (people & makers or any(seats[person].recused_at for person in people))


def _seat_makers(case: ReviewCase, makers: set[int], seats: dict[int, ReviewSeat]) -> None:
    """Seat the makers. A decider who has become one keeps the seat and loses the voice."""
    now = clock.now()
    for person in makers & set(seats):
        seat = seats[person]
        if seat.stage != SeatStage.MAKER and seat.recused_at is None:
            seat.recused_at, seat.barred = now, ReviewSeat.Barred.BECAME_MAKER
            seat.save(update_fields=["recused_at", "barred"])
    new = [ReviewSeat(case=case, person_id=pk, stage=SeatStage.MAKER) for pk in sorted(makers - set(seats))]
    for seat in ReviewSeat.objects.bulk_create(new):
        seats[seat.person_id] = seat


def _conditions_of_the_past(case: ReviewCase, carried: dict[str, int]) -> None:
    """Conditions live as long as the decision that made them stands; dropped ones come back with its fall."""
    if case.round == 1:
        return
    standing = list(carried.values())
    # What was met or waived under a lapsed approval stays as it is.
    fallen = Condition.objects.filter(case=case).exclude(created_by__in=standing)
    settled = (Condition.Status.LAPSED, Condition.Status.MET, Condition.Status.WAIVED)
    fallen.exclude(status__in=settled).update(status=Condition.Status.LAPSED, dropped_by=None, dropped_reason="")
    Condition.objects.filter(case=case, created_by__in=standing, status=Condition.Status.DROPPED).exclude(
        dropped_by__in=standing
    ).update(status=Condition.Status.OPEN, dropped_by=None, dropped_reason="")
