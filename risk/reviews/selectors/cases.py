"""Reads of the review: lists, one case with all that lies in it, whose move it is and why, and what changed.

Pages, API, admin, sheet and whoever checks us read through these; what is frozen is compared in `rules.dossier`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, JSONObject

from crm.kernel.access.carried import carried, hang
from crm.kernel.access.checks import as_answer
from crm.kernel.access.errors import NotVisible
from crm.kernel.access.policies import NOBODY, Viewer
from crm.kernel.access.querysets import visible_at
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import WorkdaysLeft
from projects.deals.models import Project
from risk.reviews.models import (
    CaseStatus,
    Condition,
    Decision,
    ReturnItem,
    ReviewCase,
    ReviewRound,
    ReviewSeat,
)
from risk.reviews.prolongations import Prolongation
from risk.reviews.rules.dossier import Difference, compare_dossiers
from risk.reviews.selectors import dossier, eligibility, gates
from risk.reviews.selectors.eligibility import Verdict
from risk.reviews.selectors.nudged import reminders_now
from risk.reviews.subjects import subject_of
from risk.reviews.workflow import DEAL, RETURNS, STAGES, STANDING

CASE_JOINS = (
    "project__client__standing",
    "project__client__owner__department",
    "project__client__department",
    "project__owner",
    "project__department",
    "submitted_by",
    "withdrawn_by",
)

PROLONGATION_FIELDS = ("round", "valid_before", "valid_until", "reason", "granted_by", "granted_at", "kept_words")
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
    "term_months",
    "draw_months",
    "dossier_sha256",
    "decided_at",
    "kept_words",
)
CONDITION_FIELDS = (
    "id",
    "version",
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
    "reported_by",
    "reported_at",
    "evidence",
    "settled_by",
    "settled_at",
    "reason",
    "kept_words",
)
# Of these the API says the names besides, as of the act.
CONDITION_PEOPLE = {f"{name}_name": KT(f"kept_words__{name}__name") for name in ("owner", "reported_by", "settled_by")}
SEAT_JOINS = ("person__department",)
DECISION_JOINS = ("person__department", "person__post", "principal", "cover")
CONDITION_JOINS = ("owner", "dropped_by__person", "reported_by", "settled_by")


@dataclass(frozen=True)
class Changes:
    """What differs from the dossier of an earlier round: the one `decision` was made on, or (None) the one before."""

    since_round: int
    decision: Decision | None
    rows: list[Difference]


def list_reviews(*, viewer: Viewer) -> QuerySet[ReviewCase]:
    """The cases this person may see, most urgent first, with deal, client and `grade` joined."""
    cases = ReviewCase.objects.visible_to(viewer).select_related(*CASE_JOINS)
    return cases.annotate(grade=F("project__client__standing__grade"))


def select_with_parties() -> QuerySet[ReviewCase]:
    """Every case with deal, client and people joined: for the house's own clock, which asks no policy."""
    return ReviewCase.objects.select_related(*CASE_JOINS)


def annotate_waiting(cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """`cases` with `waiting`: `[{"id", "name"}]` of who may decide each now."""
    people = eligibility.select_waiting_people()
    return cases.annotate(
        waiting=Case(When(status=CaseStatus.OPEN, then=people), default=Value([]), output_field=people.output_field)
    )


def annotate_parts(cases: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
    """`cases` with `waiting`, `sha256` and the rows of decisions, prolongations and conditions, in the same query."""
    mine = OuterRef("pk")
    rounds = ReviewRound.objects.filter(case=mine, number=OuterRef("round"))
    items = ReturnItem.objects.filter(decision=OuterRef("pk")).order_by("order")
    decisions = Decision.objects.filter(case=mine).order_by("decided_at", "pk")
    return annotate_waiting(cases).annotate(
        sha256=Subquery(rounds.values("dossier_sha256")),
        decision_rows=ArraySubquery(
            decisions.values(
                _row=JSONObject(
                    **{name: name for name in DECISION_FIELDS},
                    # As text: JSON would make a float of it.
                    amount=Cast("amount", TextField()),
                    person_name=KT("kept_words__person__name"),
                    decided_for="principal_id",
                    letter_no="cover__letter_no",
                    items=ArraySubquery(items.values("text")),
                )
            )
        ),
        prolongation_rows=ArraySubquery(
            Prolongation.objects.filter(case=mine)
            .order_by("pk")
            .values(
                _row=JSONObject(
                    **{name: name for name in PROLONGATION_FIELDS},
                    granted_by_name=KT("kept_words__granted_by__name"),
                )
            )
        ),
        condition_rows=ArraySubquery(
            Condition.objects.filter(case=mine)
            .order_by("pk")
            .values(_row=JSONObject(**{name: name for name in CONDITION_FIELDS}, **CONDITION_PEOPLE))
        ),
    )


def filter_waiting_for(cases: QuerySet[ReviewCase], person: Viewer) -> QuerySet[ReviewCase]:
    """Those of `cases` that `person` may decide now; at a vote those about which they have still to declare."""
    if not any(row.role in person.roles | person.covered_roles for row in STAGES):
        return cases.none()
    found = cases.filter(eligibility.decidable_by(person))
    voting = [row.stage for row in STAGES if row.by_vote and row.role in person.roles]
    if not voting:
        return found
    declared = ReviewSeat.objects.filter(case=OuterRef("pk"), person=person.pk, declared_at__isnull=False)
    return found.exclude(Exists(declared), stage__in=voting)


def map_mine(cases: Collection[ReviewCase], *, viewer: Viewer) -> set[int]:
    """The keys of those of `cases`, found for this person, that wait for them. One query, none where none can."""
    can_wait = {row.stage for row in STAGES if row.role in viewer.roles | viewer.covered_roles}
    keys = [case.pk for case in cases if case.is_open and case.stage in can_wait]
    return (
        set(filter_waiting_for(ReviewCase.objects.filter(pk__in=keys), viewer).values_list("pk", flat=True))
        if keys
        else set()
    )


def inbox(*, viewer: Viewer) -> QuerySet[ReviewCase]:
    """The cases that wait for this person, most urgent first."""
    return filter_waiting_for(list_reviews(viewer=viewer), viewer)


def team(*, viewer: Viewer) -> QuerySet[ReviewCase]:
    """Cases of the clients of the person's department, and those in which its people sit."""
    path = viewer.department_path
    seats = ReviewSeat.objects.filter(person__department__path__startswith=path).values("case")
    return list_reviews(viewer=viewer).filter(Q(project__client__department__path__startswith=path) | Q(pk__in=seats))


def get_bare_review(*, viewer: Viewer, pk: int) -> ReviewCase:
    """One case with project, client and people joined, for an act: what else it needs it reads; or NotVisible."""
    found = list_reviews(viewer=viewer).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def get_review(*, viewer: Viewer, pk: int) -> ReviewCase:
    """One case with rounds, seats, decisions, return items and conditions at hand, in two queries; or NotVisible."""
    mine = {"case": OuterRef("pk")}
    items = ReturnItem.objects.filter(decision=OuterRef("pk")).order_by("order")
    parts = {
        "_seats": carried(ReviewSeat.objects.filter(**mine).order_by("pk"), SEAT_JOINS),
        "_decisions": carried(
            Decision.objects.filter(**mine).order_by("decided_at", "pk"), DECISION_JOINS, _items=carried(items)
        ),
        "is_nudged": Exists(reminders_now().filter(object_id=Cast(OuterRef("pk"), CharField()))),
        "_conditions": carried(Condition.objects.filter(**mine).order_by("pk"), CONDITION_JOINS),
    }
    rounds = Prefetch("rounds", ReviewRound.objects.select_related("opened_by").order_by("number"))
    found = list_reviews(viewer=viewer).filter(pk=pk).annotate(**parts).prefetch_related(rounds).first()
    if found is None:
        raise NotVisible
    rows = vars(found)
    hang(found, "seats", ReviewSeat, rows["_seats"], SEAT_JOINS)
    hang(found, "conditions", Condition, rows["_conditions"], CONDITION_JOINS)
    decisions = hang(found, "decisions", Decision, rows["_decisions"], DECISION_JOINS)
    for decision, values in zip(decisions, rows["_decisions"], strict=True):
        hang(decision, "items", ReturnItem, values["_items"])
    return found


def get_written_case(*, pk: int) -> ReviewCase:
    """The case as it is after an act, for the answer to whoever acted (a recusal may have ended their sight of it)."""
    cases = ReviewCase.objects.select_related(*CASE_JOINS)
    return annotate_parts(cases).get(pk=pk)


def get_condition(*, viewer: Viewer, pk: int) -> Condition:
    """One condition with its case, deal, client and people joined; or NotVisible."""
    rows = Condition.objects.visible_to(viewer).select_related(*CONDITION_JOINS, "case__project__client")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def read_condition_fields(*, pk: int) -> dict[str, Any]:
    """A condition as the API says it; whether the caller may see it was asked before."""
    return Condition.objects.filter(pk=pk).values(*CONDITION_FIELDS, **CONDITION_PEOPLE).get()


def condition_acts(*, viewer: Viewer, case: ReviewCase) -> dict[int, list[str]]:
    """Condition → what this person may do about it now: report, settle. Two queries, none where nothing is left."""
    found: dict[int, list[str]] = {}
    if case.status != CaseStatus.APPROVED or not any(one.is_unsettled for one in case.conditions.all()):
        return found
    for action in ("report", "settle"):
        for pk in Condition.objects.visible_to(viewer, action).filter(case=case).values_list("pk", flat=True):
            found.setdefault(pk, []).append(action)
    return found


def find_case_of_project(*, viewer: Viewer, project_id: int) -> ReviewCase | None:
    """The case about a deal's application, if there is one this person may see, with `mine` and `left` as
    `list_cases_of_client`.
    """
    return _annotate_turn(list_reviews(viewer=viewer), viewer).filter(project_id=project_id, kind=DEAL).first()


def list_further_cases(*, viewer: Viewer, project_id: int) -> list[ReviewCase]:
    """The cases about a project besides its application, newest first, as `find_case_of_project`."""
    rows = _annotate_turn(list_reviews(viewer=viewer), viewer).filter(project_id=project_id).exclude(kind=DEAL)
    return list(rows.order_by("-opened_at", "-pk"))


def to_bring(case: ReviewCase) -> list[str]:
    """What the last return of a returned case asks for; nothing for any other. One query at most."""
    if case.status != CaseStatus.RETURNED:
        return []
    last = Decision.objects.filter(case=case, verb__in=RETURNS).order_by("-pk").values("pk")[:1]
    return list(ReturnItem.objects.filter(decision=Subquery(last)).order_by("order").values_list("text", flat=True))


def list_cases_of_client(*, viewer: Viewer, client_id: int) -> QuerySet[ReviewCase]:
    """The cases about a client's deals that this person may see, newest first, with what a panel says: whether each is
    `mine` to decide, and the working days `left`.
    """
    shown = ("number", "kind", "urgent_reason", "status", "stage", "round", "stage_since", "due_on", "due_provisional")
    rows = ReviewCase.objects.visible_to(viewer).filter(project__client_id=client_id).select_related("project")
    rows = rows.only(*shown, "project__name", "waiting_for")
    return _annotate_turn(rows, viewer).order_by("-opened_at", "-pk")


def _annotate_turn(cases: QuerySet[ReviewCase], viewer: Viewer) -> QuerySet[ReviewCase]:
    mine = as_answer(eligibility.decidable_by(viewer))
    return cases.annotate(mine=mine, left=WorkdaysLeft("due_on", clock.today()))


def stuck(*, viewer: Viewer) -> QuerySet[ReviewCase]:
    """Open cases that nobody can decide: for the head of the department, the auditor and whoever grants roles."""
    return ReviewCase.objects.filter(stuck_scope(viewer))


def stuck_scope(viewer: Viewer) -> Q:
    """Of cases those of `stuck`. Services and the minute's job keep on the deal whom its case waits for; it is not
    worked out again here.
    """
    nobody = Q(status=CaseStatus.OPEN, waiting_for=[])
    if Role.SECURITY_ADMIN in viewer.roles:
        return nobody
    if viewer.roles.isdisjoint({Role.DEPARTMENT_HEAD, Role.AUDITOR}):
        return NOBODY
    return nobody & visible_at("project", Project, viewer)


def list_submission_checks(project: Project) -> list[gates.Check]:
    """Every gate of a submission as it stands now, for the deal's page. Four queries besides client and standing."""
    found = gates.find_gates(
        project, exposure=dossier.read_exposure(project), documents=dossier.read_documents(project)
    )
    return found.checks


def list_verdicts(case: ReviewCase, *, months: int | None = None) -> list[Verdict]:
    """Every holder of the stage's role: who may decide the case now, and why each other one may not."""
    return eligibility.list_verdicts(case, months=months)


def waiting_for(case: ReviewCase) -> list[Person]:
    """Who may decide the case now, by name."""
    return [found.person for found in list_verdicts(case) if found.eligible]


# What follows reads a case from `get_review`: its relations are at hand, no query but the one named.


def evidence_of(case: ReviewCase) -> list[Model]:
    """The rows of a case, as `get_review` brought them, whose digests the audit trail holds."""
    decisions = list(case.decisions.all())
    return [*case.rounds.all(), *decisions, *(item for one in decisions for item in one.items.all())]


def map_rounds(case: ReviewCase) -> dict[int, ReviewRound]:
    """Number → round."""
    return {row.number: row for row in case.rounds.all()}


def map_standing(case: ReviewCase) -> dict[str, Decision]:
    """Stage → the decision that stands there, carried ones included (recusals and escalations are none)."""
    carried = {int(pk) for pk in map_rounds(case)[case.round].carried.values()}
    return {
        one.stage: one
        for one in case.decisions.all()
        if one.verb in STANDING and (one.round == case.round or one.pk in carried)
    }


def find_changes_since(case: ReviewCase, *, person: Viewer) -> Changes | None:
    """Against the round this person last decided in, else against the round before; None in a first round."""
    own = [one for one in case.decisions.all() if one.person_id == person.pk and one.round < case.round]
    if case.round == 1:
        return None
    last = own[-1] if own else None
    return find_changes(case, last.round if last else case.round - 1, last)


def find_changes(case: ReviewCase, since: int, decision: Decision | None = None) -> Changes:
    """What differs between the dossier of round `since` and the present one."""
    rounds = map_rounds(case)
    before, after = dossier.open_dossier(rounds[since]), dossier.open_dossier(rounds[case.round])
    return Changes(since, decision, compare_dossiers(before, after))


def find_live_changes(case: ReviewCase, *, exposure: bool = True) -> list[Difference]:
    """Where the client's facts and grade, and with one query its exposure, differ today from the frozen ones.

    Nothing once the case is not open: the facts of a decided case move on.
    """
    if not case.is_open:
        return []
    frozen = dossier.open_dossier(map_rounds(case)[case.round])
    present = dossier.read_client_facts(case.project.client)
    if exposure:
        present["exposure"] = dossier.read_exposure(subject_of(case).propose(case, case.project))
    return compare_dossiers({part: frozen[part] for part in present}, present)
