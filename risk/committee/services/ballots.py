"""A ballot: opened with who is present, one named vote of each, closed with the result and its effect on the case."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput, Conflict, RuleRefused
from crm.kernel.access.inputs import checked, text_problem
from crm.kernel.access.workflow import transition
from crm.kernel.audit import context
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.people.selectors import superior_of
from crm.kernel.text.sentences import listed
from crm.kernel.workdays import clock
from risk.committee.locks import HeldHearing, act_once, lock_hearing
from risk.committee.members import Members, find_members
from risk.committee.models import MOST_LINES, AgendaItem, Attendance, Vote
from risk.committee.rules.voting import (
    AGAIN,
    AGAINST,
    APPROVED,
    FOR_WITH_CONDITION,
    KINDS,
    RECONSIDER,
    REFUSED,
    WITH_CONDITIONS,
    Count,
    count_votes,
    has_quorum,
)
from risk.committee.services.meetings import RULES, refuse_too_few
from risk.committee.workflow import HEARING
from risk.reviews.models import ReviewCase
from risk.reviews.services.decide import decide_by_vote, require_votable

VERB_OF = {
    APPROVED: "approve",
    WITH_CONDITIONS: "approve_with_conditions",
    AGAIN: "return",
    REFUSED: "reject",
}
WITH_LINES = (FOR_WITH_CONDITION, RECONSIDER)
LONGEST_LINE = 500


@act_once
def ballot_open(
    *, item: AgendaItem, present: Sequence[Person], chair: Person, expected_version: int | None, by: Person
) -> AgendaItem:
    """Record who attends and open the ballot. By the secretary of the meeting.

    `present`: members in office who have declared no conflict; the others are recorded as recused or absent. 422: a
    person who may not vote, no quorum, too few members, a chair who is not among them or stands above the presenter,
    a client whose facts have changed or a gate that no longer holds. 409 once it is open or the case has moved on.
    """
    held = lock_hearing("open", item, expected_version=expected_version, by=by)
    case = held.require_at_committee()
    members = find_members(case.case)
    rules = refuse_too_few(len(members.people))
    people = {one.pk: one for one in present}
    _refuse_strangers(people, members, held)
    if not has_quorum(len(members.people), len(people), rules):
        text = _(
            "%(present)d of %(seats)d members have a vote in this case (%(recused)d recused): no quorum. At least "
            "%(least)d and %(part)d of %(of)d must be present."
        )
        figures = {"present": len(people), "seats": len(members.people), "recused": len(members.recused)}
        shares = {"least": rules.fewest_present, "part": rules.quorum.part, "of": rules.quorum.of}
        raise RuleRefused(text % (figures | shares), field="present", code="no_quorum")
    _refuse_chair(chair, people, held.row)
    require_votable(case)
    now = clock.now()
    for pk in members.people:
        _note(held.row, pk, people, members, now)
    held.move.write(seats=len(members.people), chair=chair, opened_at=now)
    rows = tuple(Attendance.objects.filter(item=held.row).order_by("pk"))
    held.move.record(data={"case": case.case.pk, "seats": held.row.seats, "present": len(people)}, evidence=rows)
    return held.row


def _refuse_strangers(people: dict[int, Person], members: Members, held: HeldHearing) -> None:
    if held.row.meeting.secretary_id in people:
        raise RuleRefused(_("The secretary of the meeting has no vote."), field="present", code="secretary")
    wrong = [one.name for pk, one in people.items() if pk not in members.declared or pk not in members.people]
    if wrong:
        text = _("%(names)s cannot vote: not in office, recused, or no declaration about this client yet.")
        raise RuleRefused(text % {"names": listed(wrong)}, field="present", code="not_a_voter")


def _refuse_chair(chair: Person, people: dict[int, Person], item: AgendaItem) -> None:
    if chair.pk not in people:
        raise RuleRefused(_("The chair is one of the members present."), field="chair", code="chair_absent")
    above = superior_of(item.presenter)
    if chair.pk == item.presenter_id or (above is not None and above.pk == chair.pk):
        raise RuleRefused(_("Who presents the case, and the head above, do not chair it."), field="chair", code="chair")


def _note(item: AgendaItem, pk: int, people: dict[int, Person], members: Members, now: Any) -> Attendance:
    declared = members.declared.get(pk)
    state, seat = Attendance.State.ABSENT, None
    if pk in members.recused:
        state = Attendance.State.RECUSED
    elif pk in people and declared is not None:
        state, seat = Attendance.State.PRESENT, declared.stage
    papers = declared.declared_at if declared is not None else None
    return Attendance.objects.create(
        item=item, case_id=item.case_id, person_id=pk, state=state, seat=seat, papers_at=papers, noted_at=now
    )


@act_once
def vote_cast(*, item: AgendaItem, kind: str, opinion: str, lines: Sequence[str] = (), by: Person) -> Vote:
    """Cast one's own vote, once. `lines`: the conditions or the questions that the kind asks for.

    404/403 for who has no vote here, 409 outside of the ballot or for a second one, 400 for a wrong shape, 422 for
    what the kind needs.
    """
    ReviewCase.objects.select_for_update(of=("self",)).get(pk=item.case_id)
    moving = transition(HEARING, "vote", item, by=by)
    row = moving.row
    clean = _check_vote(row, kind, opinion, lines)
    if Vote.objects.filter(item=row, person=by).exists():
        raise Conflict(_("You have already voted on this case."), code="vote_once")
    vote = Vote.objects.create(
        item=row, person=by, account_id=context.current().account_id, cast_at=clock.now(), **clean
    )
    # What was voted is told when the ballot is closed; the digest binds it from now on.
    moving.record(data={"case": row.case_id}, evidence=(vote,))
    return vote


def _check_vote(item: AgendaItem, kind: str, opinion: str, lines: Sequence[str]) -> dict[str, Any]:
    if kind not in KINDS:
        raise BadInput(_("Choose one of: %(codes)s.") % {"codes": ", ".join(KINDS)}, field="kind")
    opinion = str(checked(Vote, {"opinion": opinion}, allowed=("opinion",))["opinion"]).strip()
    if kind == RECONSIDER and item.hearing > 1:
        raise RuleRefused(_("A case is heard again once: decide it now."), field="kind", code="heard_twice")
    rules = parameters.values((RULES, "review.opinion_min_length"))
    least = int(rules["review.opinion_min_length"].value)
    if kind == AGAINST:
        least = max(least, int(rules[RULES].value["reason_min_length"]))
    if len(opinion) < least:
        raise RuleRefused(
            _("The opinion needs at least %(least)d characters.") % {"least": least}, field="opinion", code="opinion"
        )
    return {"kind": kind, "opinion": opinion, "lines": _check_lines(kind, lines)}


def _check_lines(kind: str, lines: Any) -> list[str]:
    if isinstance(lines, str) or not isinstance(lines, Sequence) or not all(isinstance(one, str) for one in lines):
        raise BadInput(_("This must be a list."), field="lines")
    clean = [one.strip() for one in lines if one.strip()]
    if len(clean) > MOST_LINES or any(len(one) > LONGEST_LINE for one in clean):
        limits = {"most": MOST_LINES, "limit": LONGEST_LINE}
        raise BadInput(_("At most %(most)d lines of %(limit)d characters.") % limits, field="lines")
    for one in clean:
        if problem := text_problem(one, lines=False):
            raise BadInput(problem, field="lines")
    if kind in WITH_LINES and not clean:
        raise RuleRefused(_("Write each condition or question on its own line."), field="lines", code="no_lines")
    if clean and kind not in WITH_LINES:
        raise BadInput(_("This does not apply to the chosen decision."), field="lines")
    return clean


@act_once
def ballot_close(*, item: AgendaItem, expected_version: int | None, by: Person) -> AgendaItem:
    """Count the votes, write the result and let it act on the case, in one transaction. By the secretary.

    Passed: the general manager's turn, with the conditions of the votes in favour. To be heard again: back to the
    makers with the questions. Not agreed: the case ends. 422 while a vote is missing or recusals broke the quorum.
    """
    held = lock_hearing("close", item, expected_version=expected_version, by=by)
    case = held.require_at_committee()
    row, votes = held.row, {vote.person_id: vote for vote in Vote.objects.filter(item=held.row).order_by("pk")}
    voters = held.list_voters()
    if not held.has_quorum:
        raise RuleRefused(
            _("After recusals %(present)d of %(seats)d members have a vote: no quorum. Take the case off the agenda.")
            % {"present": len(voters), "seats": row.seats},
            field="present",
            code="no_quorum",
        )
    missing = [one.kept.person.name for one in voters if one.person_id not in votes]
    if missing:
        raise RuleRefused(
            _("Not voted yet: %(names)s.") % {"names": listed(missing)}, field="votes", code="votes_missing"
        )
    counted = [votes[one.person_id] for one in voters]
    count = count_votes(
        [vote.kind for vote in counted],
        seats=row.seats or 0,
        present=len(voters),
        is_first_hearing=row.hearing == 1,
        rules=held.rules,
    )
    held.move.write(closed_at=clock.now(), result=count.result, present=count.present, votes_for=count.yes)
    held.move.record(data={"case": row.case_id, **count.as_data()}, evidence=(row,))
    decide_by_vote(
        case,
        verb=VERB_OF[count.result],
        opinion=tell_result(row, count),
        conditions=_union(counted, FOR_WITH_CONDITION) if count.result == WITH_CONDITIONS else (),
        items=_union(counted, RECONSIDER) if count.result == AGAIN else (),
        by=by,
    )
    return row


def _union(votes: Sequence[Vote], kind: str) -> list[str]:
    """The lines of all votes of one kind, each once, in the order in which they were cast."""
    return list(dict.fromkeys(line for vote in votes if vote.kind == kind for line in vote.lines))


def tell_result(item: AgendaItem, count: Count) -> str:
    """The result in a sentence, as the decision's opinion."""
    return _(
        "Meeting %(meeting)s of the credit committee: %(result)s. Members %(seats)d, voting %(present)d, in favour "
        "%(yes)d (%(conditional)d with conditions), to be heard again %(again)d, against %(against)d."
    ) % {
        "meeting": item.meeting.number,
        "result": AgendaItem.Result(count.result).label,
        "seats": count.seats,
        "present": count.present,
        "yes": count.yes,
        "conditional": count.conditional,
        "again": count.reconsider,
        "against": count.against,
    }
