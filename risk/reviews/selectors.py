"""Reads of the review: lists, whose move it is and why, what changed, and everything a sheet of paper needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, F, OuterRef, Prefetch, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject

from crm.kernel.access.errors import NotVisible, Text
from crm.kernel.access.policies import Decision as Allowed
from crm.kernel.access.policies import Viewer
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from projects.deals.models import Project
from risk.reviews import policies
from risk.reviews.models import (
    CaseStatus,
    Condition,
    Decision,
    ReturnItem,
    ReviewCase,
    ReviewRound,
    ReviewSeat,
    SeatStage,
)
from risk.reviews.services import authority, dossier, eligibility, gates
from risk.reviews.services.dossier import Difference
from risk.reviews.services.labels import label
from risk.reviews.workflow import ROWS, STAGES

CASE_JOINS = (
    "project__client__standing",
    "project__client__owner",
    "project__client__department",
    "project__owner",
    "project__department",
    "submitted_by",
    "withdrawn_by",
)

DECISION_FIELDS = (
    "id",
    "round",
    "stage",
    "step",
    "verb",
    "person",
    "opinion",
    "reason_code",
    "target_stage",
    "return_due_on",
    "dossier_sha256",
    "decided_at",
)
CONDITION_FIELDS = (
    "id",
    "text",
    "kind",
    "owner",
    "due_text",
    "due_on",
    "blocking",
    "status",
    "created_by",
    "dropped_by",
    "dropped_reason",
)


@dataclass(frozen=True)
class Change(Difference):
    """One difference with the field's name; `material` if an approval is refused because of it."""

    label: str = ""
    material: bool = False


@dataclass(frozen=True)
class Changes:
    """What differs since a person last decided: the round and decision it is measured from (None: never decided)."""

    since_round: int | None = None
    since_decision: Decision | None = None
    rows: list[Change] = field(default_factory=list)


def review_list(*, viewer: Viewer) -> QuerySet[ReviewCase]:
    """The cases this person may see, most urgent first, with deal, client and `grade` joined."""
    cases = ReviewCase.objects.visible_to(viewer).select_related(*CASE_JOINS)
    return cases.annotate(grade=F("project__client__standing__grade"))


def with_waiting(cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """`cases` with `waiting`: `[{"id", "name"}]` of who may decide each now. One query more, for the parameter."""
    people = eligibility.waiting_people(eligibility.lookback_months())
    return cases.annotate(
        waiting=Case(When(status=CaseStatus.OPEN, then=people), default=Value([]), output_field=people.output_field)
    )


def with_parts(cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """`cases` with `waiting`, `sha256`, `decision_rows` and `condition_rows` for the API, in the same query."""
    mine = OuterRef("pk")
    rounds = ReviewRound.objects.filter(case=mine, number=OuterRef("round"))
    items = ReturnItem.objects.filter(decision=OuterRef("pk")).order_by("order")
    decisions = Decision.objects.filter(case=mine).order_by("decided_at", "pk")
    return with_waiting(cases).annotate(
        sha256=Subquery(rounds.values("dossier_sha256")),
        decision_rows=ArraySubquery(
            decisions.values(
                _row=JSONObject(
                    **{name: name for name in DECISION_FIELDS},
                    person_name="person__name",
                    items=ArraySubquery(items.values("text")),
                )
            )
        ),
        condition_rows=ArraySubquery(
            Condition.objects.filter(case=mine)
            .order_by("pk")
            .values(_row=JSONObject(**{name: name for name in CONDITION_FIELDS}, owner_name="owner__name"))
        ),
    )


def waiting_for_person(cases: QuerySet[ReviewCase], person: Viewer) -> QuerySet[ReviewCase]:
    """Those of `cases` that `person` may decide now. One query more, for the parameter."""
    stages = [row.stage.value for row in STAGES if row.role in person.roles]
    if person.pk is None or not stages:
        return cases.none()
    mine = cases.filter(status=CaseStatus.OPEN, stage__in=stages)
    return mine.filter(eligibility.waits_for(person.pk, eligibility.lookback_months()))


def inbox(*, viewer: Viewer) -> QuerySet[ReviewCase]:
    """The cases that wait for this person, most urgent first."""
    return waiting_for_person(review_list(viewer=viewer), viewer)


def review_get(*, viewer: Viewer, pk: int) -> ReviewCase:
    """One case with deal and client, or NotVisible."""
    found = review_list(viewer=viewer).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def case_written(*, pk: int) -> ReviewCase:
    """The case as it is after an act, for the answer to whoever acted (a recusal may have ended their sight of it)."""
    cases = ReviewCase.objects.select_related(*CASE_JOINS)
    return with_parts(cases).get(pk=pk)


def case_of(*, viewer: Viewer, project_id: int) -> ReviewCase | None:
    """The case of a deal, if there is one this person may see."""
    return review_list(viewer=viewer).filter(project_id=project_id).first()


def cases_of_client(*, viewer: Viewer, client_id: int) -> QuerySet[ReviewCase]:
    """The cases about a client's deals that this person may see, newest first."""
    return review_list(viewer=viewer).filter(project__client_id=client_id).order_by("-opened_at", "-pk")


def stuck(*, viewer: Viewer) -> QuerySet[ReviewCase]:
    """Open cases that nobody can decide: for the head of the department and whoever grants roles."""
    cases = ReviewCase.objects.filter(status=CaseStatus.OPEN).select_related(*CASE_JOINS)
    if Role.SECURITY_ADMIN not in viewer.roles:
        if Role.DEPARTMENT_HEAD not in viewer.roles:
            return cases.none()
        cases = cases.filter(project__in=Project.objects.visible_to(viewer).order_by())
    anybody = eligibility.anybody(eligibility.lookback_months())
    return cases.filter(~anybody)


def submission_checks(project: Project) -> list[gates.Check]:
    """Every gate of a submission as it stands now, for the deal's page. Three queries besides client and standing."""
    found = gates.find(project, investigators=dossier.investigators_of(project), exposure=dossier.exposure_of(project))
    return found.checks


def waiting_for(case: ReviewCase) -> list[Person]:
    """Who may decide the case now, by name."""
    return eligibility.eligible_people(case)


def why_not(case: ReviewCase) -> list[tuple[Person, Text]]:
    """Every holder of the stage's role who may not decide, and why."""
    return [(found.person, found.reason) for found in eligibility.verdicts(case) if not found.eligible]


def may_decide(person: Viewer, case: ReviewCase) -> Allowed:
    """Whether this person may decide the case now, with the reason if not."""
    return policies.may_decide(person, case)


def seat_of(case: ReviewCase, person: Viewer) -> ReviewSeat | None:
    """The person's seat in this case."""
    return ReviewSeat.objects.filter(case=case, person_id=person.pk).first()


def has_declared(case: ReviewCase, person: Viewer) -> bool:
    """Whether the decision form is open to this person: seated at the present stage, declared, with a voice."""
    return ReviewSeat.objects.filter(
        case=case, person_id=person.pk, stage=case.stage, declared_at__isnull=False, recused_at__isnull=True
    ).exists()


def current_round(case: ReviewCase) -> ReviewRound:
    """The round that runs, or ran last."""
    return ReviewRound.objects.select_related("opened_by").get(case=case, number=case.round)


def timeline(case: ReviewCase) -> list[Decision]:
    """All decisions in order, with people and return items; `stands` says whether each still counts in this round."""
    found = list(
        Decision.objects.filter(case=case)
        .select_related("person__department", "person__post")
        .prefetch_related(Prefetch("items", ReturnItem.objects.order_by("order")))
        .order_by("decided_at", "pk")
    )
    carried = set(
        ReviewRound.objects.filter(case=case, number=case.round).values_list("carried", flat=True)[0].values()
    )
    for decision in found:
        decision.stands = decision.round == case.round or decision.pk in carried  # type: ignore[attr-defined]
    return found


def conditions(case: ReviewCase) -> list[Condition]:
    """All conditions of the case in order, dropped and lapsed ones too; `is_in_force` tells them apart."""
    return list(
        Condition.objects.filter(case=case)
        .select_related("owner", "created_by__person", "dropped_by__person")
        .order_by("pk")
    )


def _labelled(found: Iterable[Difference]) -> list[Change]:
    return [
        Change(one.path, one.before, one.after, label=label(one.path), material=one.path in dossier.MATERIAL)
        for one in found
    ]


def changes_since(case: ReviewCase, *, person: Viewer) -> Changes:
    """What changed between the dossier this person last decided on and the present one."""
    last = (
        Decision.objects.filter(case=case, person_id=person.pk, round__lt=case.round)
        .order_by("-decided_at", "-pk")
        .first()
    )
    if last is None:
        return Changes()
    rounds = {row.number: row for row in ReviewRound.objects.filter(case=case, number__in=(last.round, case.round))}
    before, after = dossier.opened(rounds[last.round]), dossier.opened(rounds[case.round])
    return Changes(last.round, last, _labelled(dossier.differences(before, after)))


def live_changes(case: ReviewCase, *, current: ReviewRound | None = None) -> list[Change]:
    """What the client's facts and grade are now, where they differ from the frozen dossier."""
    frozen = dossier.opened(current or current_round(case))
    present: dict[str, Any] = {**dossier.client_facts(case.project.client)}
    if case.is_open:
        present["exposure"] = dossier.exposure_of(case.project)
    return _labelled(dossier.differences({part: frozen[part] for part in present}, present))


def authority_words(case: ReviewCase) -> list[str]:
    """Why this level of final authority, in sentences."""
    return authority.sentences(case.authority)


@dataclass(frozen=True)
class StageView:
    """One stage of the case as the stepper and the sheet show it."""

    stage: str
    label: str
    decision: Decision | None
    carried: bool
    is_current: bool


def stages(case: ReviewCase, decisions: list[Decision] | None = None) -> list[StageView]:
    """The three stages with the decision that stands at each (escalations and recusals apart)."""
    found = timeline(case) if decisions is None else decisions
    views = []
    for name, row in ROWS.items():
        standing = [
            one
            for one in found
            if one.stage == name and one.stands and one.verb not in ("recuse", "escalate")  # type: ignore[attr-defined]
        ]
        last = standing[-1] if standing else None
        views.append(
            StageView(
                stage=name,
                label=str(row.stage.label),
                decision=last,
                carried=last is not None and last.round != case.round,
                is_current=case.is_open and case.stage == name,
            )
        )
    return views


def sheet(case: ReviewCase) -> dict[str, Any]:
    """Everything the approval sheet prints: the case, its rounds with their hashes, stages, opinions, conditions.

    `intact` says whether the stored dossier still has the hash it is printed with.
    """
    rounds = list(ReviewRound.objects.filter(case=case).select_related("opened_by").order_by("number"))
    current = rounds[-1]
    decisions = timeline(case)
    return {
        "case": case,
        "round": current,
        "rounds": rounds,
        "dossier": dossier.opened(current),
        "dossier_sha256": current.dossier_sha256,
        "intact": dossier.is_intact(current),
        "stages": stages(case, decisions),
        "decisions": decisions,
        "conditions": conditions(case),
        "seats": list(seats(case)),
        "authority": authority_words(case),
    }


def seats(case: ReviewCase) -> QuerySet[ReviewSeat]:
    """Who sits where in the case, makers first."""
    makers_first = Case(
        When(stage=SeatStage.MAKER, then=Value(False)), default=Value(True), output_field=BooleanField()
    )
    return ReviewSeat.objects.filter(case=case).select_related("person__department").order_by(makers_first, "pk")
