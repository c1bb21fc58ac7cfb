"""Who may decide a case at its present stage, and why each other holder of the role may not.

One query answers for one case or, with the case as an outer reference, for every case of a list; for one person the
same rule is said of the cases (`decidable_by`), and a test holds the two together. Sources: rules 1.3 (separation of
duties), 1.2 (independent re-check), architecture 5.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import reduce
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DecimalField,
    Exists,
    F,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, JSONObject, Least

from clients.file.models import ClientGrant
from crm.kernel.access.errors import Text
from crm.kernel.access.grants import granted
from crm.kernel.access.policies import NOBODY, Viewer
from crm.kernel.access.prepared import PreparedQuery
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Account, Cover, Person, RoleGrant
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import has_account
from crm.kernel.workdays import clock
from risk.reviews import parameter_codes as codes
from risk.reviews.models import CaseStatus, ConflictDeclaration, Decision, ReviewCase, ReviewSeat
from risk.reviews.selectors.facts import CaseFacts, as_text, lookback_now, start_of_lookback
from risk.reviews.selectors.letters import StandIn, measure_letter, post_maximum, select_letters, stand_in_of
from risk.reviews.selectors.why_not import find_reason
from risk.reviews.workflow import STAGES

# Departments that the re-check must be independent of: of the client, of its owner as of today, of the deal.
PLACES = ("project__client__department", "project__client__owner__department", "project__department")
DELEGABLE = [row.stage.value for row in STAGES if not row.by_vote]  # a vote is never delegated (rules-2 7.2)


@dataclass(frozen=True)
class Verdict:
    """One holder of the stage's role, or a deputy of one: `reason` says in words why not, and is empty for who may
    decide. `stand_in`: set where the person would decide for another.
    """

    person: Person
    reason: Text = ""
    stand_in: StandIn | None = None

    @property
    def eligible(self) -> bool:
        return not self.reason


def _flag(condition: Any) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _people(facts: CaseFacts) -> QuerySet[Any]:
    """Active people, each with what speaks against them at the case's stage, whatever their role."""
    me, case, stage = OuterRef("pk"), facts.get("pk", depth=2), facts.get("stage", depth=2)
    held = RoleGrant.objects.in_force(on=facts.today).filter(person=me)
    seat = ReviewSeat.objects.filter(case=case, person=me)
    level = held.filter(role=Role.FINAL_APPROVER, authority_level__gte=facts.get("required_level", depth=2))
    independent = Q(_here__in=[row.stage.value for row in STAGES if row.independent])
    authority = Q(_here__in=[row.stage.value for row in STAGES if row.by_authority])
    decided = Decision.objects.filter(case=case, round=facts.get("round", depth=2), stage=stage)
    declared = ConflictDeclaration.objects.filter(
        client=facts.get("project__client_id", depth=2),
        person=me,
        has_conflict=True,
        declared_at__gte=facts.since,
    )
    return (
        Person.objects.filter(is_active=True)
        .annotate(_here=as_text(facts.get("stage")))
        .annotate(
            holds_role=Exists(held.annotate(_here=as_text(stage)).filter(_roles())),
            seat_stage=Coalesce(Subquery(seat.values("stage")[:1]), Value("")),
            seat_barred=Coalesce(Subquery(seat.values("barred")[:1]), Value("")),
            works_on_it=_flag(_works_on_it(facts)),
            too_near=_flag(independent & _near(facts)),
            lacks_level=_flag(authority & ~Exists(level)),
            can_log_in=has_account(on=facts.today),
            has_decided=Exists(decided.filter(Q(person=me) | Q(principal=me))),
            has_conflict=Exists(declared),
        )
    )


def _roles() -> Q:
    """Of role grants with the stage as `_here`: that of the stage."""
    roles = Q()
    for row in STAGES:
        roles |= Q(_here=row.stage.value, role=row.role)
    return roles


def _is_free() -> dict[str, Any]:
    """What must be so of whoever decides, and of the person they decide for."""
    return {
        "seat_barred": "",
        "works_on_it": False,
        "too_near": False,
        "has_decided": False,
        "has_conflict": False,
    }


def _covers(facts: CaseFacts) -> QuerySet[Any]:
    """Covers in force whose person could decide the case but for being away, with `reach` and `is_above`.

    The smallest of three counts (rules-2 7.2): the person's own authority reaches the case by its level; the letter's
    ceiling and, for the final approval, the maximum of the deputy's post are compared with the exposure.
    """
    here = as_text(facts.get("stage"))
    authority = Q(_stage__in=[row.stage.value for row in STAGES if row.by_authority])
    within = facts.within(1)
    seat = Q(seat_stage="") | Q(seat_stage=as_text(within.get("stage")))
    principals = _people(within).filter(seat, holds_role=True, lacks_level=False, **_is_free())
    maximum = post_maximum()
    return (
        Cover.objects.in_force(on=facts.today)
        .annotate(_stage=here)
        .filter(Q(scope=[]) | Q(scope__contains=[facts.get("project__product")]))
        .filter(_stage__in=DELEGABLE, person__in=principals.values("pk"))
        .annotate(
            reach=Least(F("ceiling"), Case(When(authority, then=maximum), output_field=DecimalField())),
            _exposure=_exposure(facts.get("authority")),
        )
        .annotate(is_above=_flag(Q(_exposure__gt=F("reach"))))
        .order_by("is_above", "pk")
    )


def _exposure(authority: Any) -> Func:
    """The exposure that the case's authority was measured by, in yuan."""
    return Func(authority, template="((%(expressions)s ->> 'exposure')::numeric)", output_field=DecimalField())


def _holding(facts: CaseFacts) -> Q:
    """Of people: who holds the role of the case's stage."""
    here = as_text(facts.get("stage", depth=2))
    return Q(pk__in=RoleGrant.objects.in_force(on=facts.today).annotate(_here=here).filter(_roles()).values("person"))


def _holders(facts: CaseFacts) -> QuerySet[Any]:
    """Holders of the role of the case's stage, and deputies of such, as `_people` with the letter as `stands_in`. For
    lists: of one case `_judge` says the same, at a fraction of the price.
    """
    letter = _covers(facts.within(1)).filter(deputy=OuterRef("pk"))
    found = letter.values(
        _letter=JSONObject(
            cover="pk",
            letter="letter_no",
            id="person_id",
            name="person__name",
            reach=Cast("reach", CharField()),
            is_above="is_above",
        )
    )
    return (
        _people(facts)
        .filter(_holding(facts) | Q(pk__in=Cover.objects.in_force(on=facts.today).values("deputy")))
        .annotate(stands_in=Subquery(found[:1], output_field=JSONField()))
    )


# What `_people` asks of a case, each with a value that nothing else equals: the text of the query is composed once.
_BLANKS: dict[str, Any] = {
    "pk": -(2**62),
    "stage": "\x7fstage",
    "round": 31_001,
    "required_level": 31_002,
    "project__owner_id": -(2**62) + 1,
    "project__client_id": -(2**62) + 2,
    "project__client__owner_id": -(2**62) + 3,
    **{f"{place}__path": f"\x7f{place}" for place in PLACES},
    "now": datetime(1, 1, 1, tzinfo=UTC),
    "since": datetime(1, 1, 2, tzinfo=UTC),
    "today": date.min,
}


def _select_judged(**given: Any) -> QuerySet[Any]:
    """Holders of the role of the stage and all deputies, with their letters."""
    # As an expression, so that the database and not the text adds the sign for "begins with".
    paths = {f"{place}__path": Value(given[f"{place}__path"]) for place in PLACES}
    facts = CaseFacts({**given, **paths})
    return (
        _people(facts)
        .filter(_holding(facts) | Q(pk__in=Cover.objects.in_force(on=facts.today).values("deputy")))
        .annotate(_letters=select_letters(facts.today))
        .select_related("department", "post")
        .order_by("name_pinyin", "pk")
    )


_JUDGED = PreparedQuery(_select_judged, **_BLANKS)


def _judge(case: ReviewCase, months: int) -> list[Any]:
    """Holders of the role of the case's stage, and who stands in for one that could decide, as `_holders`. One query:
    the people who are covered are among the holders, so the letters are judged by their rows.
    """
    moment = {"now": clock.now(), "since": start_of_lookback(months), "today": clock.today()}
    facts = {path: reduce(getattr, path.split("__"), case) for path in _BLANKS if path not in moment}
    found = _JUDGED.rows(**facts, **moment)
    could = {one.pk for one in found if _could_decide(one, case)} if case.stage in DELEGABLE else set()
    product = case.project.product
    for one in found:
        letters = [letter for letter in one._letters if not letter["scope"] or product in letter["scope"]]
        own = [measure_letter(letter, case) for letter in letters if letter["id"] in could]
        one.stands_in = min(own, key=lambda letter: letter["is_above"], default=None)
    return [one for one in found if one.holds_role or one.stands_in is not None]


def _could_decide(one: Any, case: ReviewCase) -> bool:
    """Whether the person could decide but for being away: whom a deputy may decide for."""
    is_free = all(getattr(one, name) == value for name, value in _is_free().items())
    return one.holds_role and not one.lacks_level and one.seat_stage in ("", case.stage) and is_free


def _works_on_it(facts: CaseFacts) -> Q:
    """Makers by now, whatever was true at submission: the owners and the client's co-managers."""
    co_managing = ClientGrant.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=facts.now),
        content_object=facts.get("project__client_id", depth=2),
        user__person=OuterRef("pk"),
        permission__codename="change_client",
    )
    return Q(pk=facts.get("project__client__owner_id")) | Q(pk=facts.get("project__owner_id")) | Q(Exists(co_managing))


def _near(facts: CaseFacts) -> Q:
    """In the department of the client, of the deal or of the client's owner as of today, or below it."""
    near = Q()
    for place in PLACES:
        near |= Q(department__path__startswith=facts.get(f"{place}__path"))
    return near


def _eligible(facts: CaseFacts) -> QuerySet[Any]:
    own_seat = Q(seat_stage="") | Q(seat_stage=as_text(facts.get("stage")))
    own_right = Q(holds_role=True, lacks_level=False)
    if not Cover.objects.in_force().exists():
        # The usual day: nobody's letter has to be judged for each case.
        alone: QuerySet[Any] = _people(facts).filter(_holding(facts))
        return alone.filter(own_seat, own_right, can_log_in=True, **_is_free())
    judged: QuerySet[Any] = _holders(facts)
    return judged.filter(own_seat, own_right | Q(stands_in__is_above=False), can_log_in=True, **_is_free())


def read_lookback_months() -> int:
    """For how many months a declared conflict counts (rules 1.3). One query."""
    return int(parameters.value(codes.LOOKBACK).value)


def list_verdicts(case: ReviewCase, *, months: int | None = None) -> list[Verdict]:
    """Every active holder of the present stage's role and their deputies, with the reason where there is one. Two
    queries at most. `case` needs the departments of `_near` at hand.
    """
    if case.status != CaseStatus.OPEN:
        return []
    months = read_lookback_months() if months is None else months
    return [Verdict(one, find_reason(one, case), stand_in_of(one)) for one in _judge(case, months)]


def list_eligible_people(case: ReviewCase, *, months: int | None = None) -> list[Person]:
    """Those who may decide now. Two queries at most."""
    return [verdict.person for verdict in list_verdicts(case, months=months) if verdict.eligible]


def select_waiting_people(months: int | None = None) -> ArraySubquery:
    """For a list of cases: who may decide each, as `[{"id", "name"}]`; annotate with it, no query of its own."""
    facts = CaseFacts(since=None if months is None else start_of_lookback(months))
    people = _eligible(facts).order_by("name_pinyin", "pk")
    return ArraySubquery(people.values(_who=JSONObject(id="pk", name="name")))


def decidable_by(person: Viewer) -> Q:
    """Cases that this person may decide now, said of the cases alone: what `_eligible` asks of everybody is known of
    one. The roles are those of `person.roles`, as every policy reads them.
    """
    if person.pk is None or not person.is_active:
        return NOBODY
    mine = {"case": OuterRef("pk"), "person": person.pk}
    seats = ReviewSeat.objects.filter(~Q(stage=OuterRef("stage")) | ~Q(barred=""), **mine)
    decided = Decision.objects.filter(
        Q(person=person.pk) | Q(principal=person.pk),
        case=OuterRef("pk"),
        round=OuterRef("round"),
        stage=OuterRef("stage"),
    )
    declared = ConflictDeclaration.objects.filter(
        client=OuterRef("project__client_id"),
        person=person.pk,
        has_conflict=True,
        declared_at__gte=lookback_now(),
    )
    makes = Q(project__client__owner=person.pk) | Q(project__owner=person.pk)
    makes |= granted(ClientGrant, person, "change", at="project__client")
    suspended = Cover.objects.suspending().filter(person=person.pk)
    account = Q(Exists(Account.objects.filter(person=person.pk, is_active=True))) & ~Q(Exists(suspended))
    at_stage = _covered_by(person)
    for row in STAGES:
        if row.role in person.roles:
            here = Q(stage=row.stage)
            if row.independent:
                here &= ~_near_to(person)
            if row.by_authority:
                here &= Q(required_level__lte=person.authority_level)
            at_stage |= here
    free = ~Q(Exists(seats)) & ~Q(Exists(decided)) & ~Q(Exists(declared))
    return (Q(status=CaseStatus.OPEN) & at_stage & ~makes & free & account) if at_stage else NOBODY


def _covered_by(person: Viewer) -> Q:
    """Cases at a stage that the person may decide for somebody else, as far as the letter and that other go."""
    if not any(row.role in person.covered_roles for row in STAGES):
        return Q()
    letters = _covers(CaseFacts()).filter(deputy=person.pk, is_above=False)
    independent = [row.stage.value for row in STAGES if row.independent]
    return Q(Exists(letters)) & (~Q(stage__in=independent) | ~_near_to(person))


def _near_to(person: Viewer) -> Q:
    """Cases whose client, deal or client's owner is in the person's department or above it: `_near` from there."""
    near = Q()
    for place in PLACES:
        if person.kept is not None:
            near |= Q(**{f"{place}__in": person.kept.above})
        else:
            near |= Q(**{f"{place}__path__in": list(_paths_above(person.department_path))})
    return near


def _paths_above(path: str) -> Iterator[str]:
    """The path of a department and of all above it."""
    codes = path.split(".")[:-1]
    for count in range(1, len(codes) + 1):
        yield ".".join(codes[:count]) + "."


def holds_deciding_role() -> Exists:
    """Of seats: whether their person still holds a deciding role."""
    roles = [row.role for row in STAGES]
    return Exists(
        RoleGrant.objects.in_force().filter(person=OuterRef("person"), role__in=roles, person__is_active=True)
    )
