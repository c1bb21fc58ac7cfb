"""What the database refuses by itself, in the application's role; and races of which exactly one wins."""

import psycopg2
import pytest

from crm.tests.support.people import cast_member, make_person
from risk.committee.models import AgendaItem, Vote
from risk.committee.services import ballot_close, vote_cast
from risk.committee.tests.factories import OPINION, case_at_committee, make_committee, open_ballot, put_on_agenda, vote
from risk.reviews.models import ReviewRound
from risk.reviews.tests.factories import declare

pytestmark = pytest.mark.django_db(transaction=True)

VOTE = """
INSERT INTO risk_vote (item_id, person_id, seat, kind, opinion, lines, cast_at)
VALUES (%(item)s, %(person)s, 'committee', %(kind)s, 'x', '[]', now())
"""
ATTEND = """
INSERT INTO risk_attendance (item_id, case_id, person_id, state, seat, papers_at, noted_at)
VALUES (%(item)s, %(case)s, %(person)s, 'present', 'committee', now(), now())
"""
DECIDE = """
INSERT INTO risk_decision (case_id, round, stage, step, verb, person_id, opinion, reason_code, target_stage,
    dossier_sha256, rule_versions, decided_at)
VALUES (%(case)s, 1, 'committee', 0, 'approve', %(person)s, 'x', '', '', %(sha256)s, '{}', now())
"""
RESULT = """
UPDATE risk_agendaitem SET status = 'decided', result = 'approved', present = 5, votes_for = 5, closed_at = now()
WHERE id = %(item)s
"""


def refused(raw, statement, given):
    """The name of the constraint, or the class of the error, that refused."""
    with raw.cursor() as cursor, pytest.raises(psycopg2.Error) as error:
        cursor.execute(statement, given)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    raw.rollback()
    return error.value.diag.constraint_name or type(error.value).__name__


def test_a_vote_hangs_on_the_members_own_attendance_and_seat(app_connection):
    members, secretary = make_committee(6), cast_member("committee_secretary")
    case = case_at_committee()
    item = put_on_agenda(case)

    def given(person, kind="for"):
        return {"item": item.pk, "case": case.pk, "person": person.pk, "kind": kind}

    assert refused(app_connection, VOTE, given(members[0])) == "risk_vote_in_turn", "the ballot is not open"
    for part in ("owner", "assistant", "recheck_reviewer"):
        assert refused(app_connection, ATTEND, given(cast_member(part))) == "risk_attendance_from_seat"
    item = open_ballot(case, members, recused=1, item=item)
    stranger = make_person("外人", place="0020")
    for person in (members[5], stranger, secretary, cast_member("owner"), cast_member("initial_reviewer")):
        assert refused(app_connection, VOTE, given(person)) in ("risk_vote_in_turn", "risk_vote_has_attendance")
        assert refused(app_connection, ATTEND, given(person)) == "risk_attendance_in_turn"
    vote(item, members[0])
    assert refused(app_connection, VOTE, given(members[0], "against")) == "risk_vote_once"
    assert refused(app_connection, "UPDATE risk_vote SET kind = 'against'", {}) == "InsufficientPrivilege"
    assert refused(app_connection, "DELETE FROM risk_vote", {}) == "InsufficientPrivilege"
    with app_connection.cursor() as cursor:
        cursor.execute(VOTE, given(members[1]))
        assert cursor.rowcount == 1, "the control: who may, can"
    app_connection.rollback()


def test_a_result_agrees_with_its_votes_and_a_decision_with_the_result(app_connection):
    members, secretary = make_committee(5), cast_member("committee_secretary")
    case = case_at_committee()
    item = open_ballot(case, members)
    sha256 = ReviewRound.objects.get(case=case).dossier_sha256
    given = {"item": item.pk, "case": case.pk, "person": secretary.pk, "sha256": sha256}
    assert refused(app_connection, DECIDE, given) == "risk_decision_by_vote"
    assert refused(app_connection, DECIDE, given | {"person": members[0].pk}) == "risk_decision_by_vote"
    assert refused(app_connection, RESULT, given) == "risk_agendaitem_counts_its_votes"
    for member in members:
        vote(item, member, "against" if member == members[0] else "for")
    assert refused(app_connection, RESULT, given) == "risk_agendaitem_counts_its_votes", "four of five are in favour"
    item.refresh_from_db()
    ballot_close(item=item, expected_version=item.version, by=secretary)
    assert refused(app_connection, VOTE, {**given, "kind": "for"}) == "risk_vote_in_turn"
    assert refused(app_connection, "UPDATE risk_agendaitem SET result = 'refused'", {}) == "InsufficientPrivilege"


def test_of_two_votes_of_one_member_at_one_moment_one_counts(at_once):
    members = make_committee(5)
    item = open_ballot(case_at_committee(), members)
    kinds = ("for", "for", "for", "for")
    answers = at_once(
        [lambda kind=kind: vote_cast(item=item, kind=kind, opinion=OPINION, by=members[0]) for kind in kinds]
    )
    assert sorted(answers) == ["Conflict", "Conflict", "Conflict", "done"]
    assert Vote.objects.count() == 1


def test_the_last_vote_and_the_closing_at_one_moment_never_lose_a_vote(at_once):
    members, secretary = make_committee(6), cast_member("committee_secretary")
    case = case_at_committee()
    item = open_ballot(case, members)
    for member in members[:5]:
        vote(item, member)
    declare(case, members[5], conflict=False)
    item.refresh_from_db()
    answers = at_once(
        [
            lambda: vote_cast(item=item, kind="for", opinion=OPINION, by=members[5]),
            lambda: ballot_close(item=item, expected_version=item.version, by=secretary),
        ]
    )
    item.refresh_from_db()
    assert answers[0] == "done"
    # The closing either waited for the vote and counted it, or found it missing and changed nothing.
    assert (answers[1], item.status, item.present) in (
        ("done", AgendaItem.Status.DECIDED, 6),
        ("RuleRefused", AgendaItem.Status.VOTING, None),
    )
