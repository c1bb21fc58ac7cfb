"""A case goes through the committee: named votes, the result, its effect; the general manager after it."""

import pytest

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, RuleRefused
from crm.kernel.audit.evidence import broken
from crm.tests.support.people import cast_member
from risk.committee.models import Attendance, Vote
from risk.committee.services import ballot_close, ballot_open, vote_cast
from risk.committee.tests.factories import (
    OPINION,
    case_at_committee,
    make_committee,
    open_ballot,
    put_on_agenda,
    vote,
    vote_all,
)
from risk.reviews.models import Condition
from risk.reviews.selectors import list_verdicts
from risk.reviews.services import decision_make
from risk.reviews.tests.factories import decide, declare, submit

pytestmark = pytest.mark.django_db
FOR, WITH, AGAIN, AGAINST = "for", "for_with_condition", "reconsider", "against"


def close(item):
    item.refresh_from_db()
    found = ballot_close(item=item, expected_version=item.version, by=cast_member("committee_secretary"))
    item.case.refresh_from_db()
    return found


@pytest.fixture
def members(db):
    cast_member("general_manager")
    return make_committee()


@pytest.fixture
def case(members):
    return case_at_committee()


def test_three_hundred_million_go_to_the_committee_before_the_general_manager(case, members):
    assert (case.stage, case.required_level, case.needs_committee) == ("committee", 3, True)
    assert {found.person for found in list_verdicts(case) if found.eligible} == set(members)


def test_five_of_six_with_a_condition_pass_and_the_general_manager_approves(case, members):
    item = open_ballot(case, members, recused=1)
    vote_all(item, members[:6], FOR, FOR, FOR, FOR, WITH, AGAINST)
    found = close(item)
    assert (found.result, found.seats, found.present, found.votes_for) == ("approved_with_conditions", 7, 6, 5)
    case.refresh_from_db()
    assert (case.stage, case.status, case.step) == ("final", "open", 0)
    assert [found.person for found in list_verdicts(case) if found.eligible] == [cast_member("general_manager")]
    [condition] = Condition.objects.filter(case=case)
    assert (condition.text, condition.owner, condition.is_in_force) == (
        "首次提款前资本金先行到位",
        case.project.client.owner,
        True,
    )
    assert broken([item, *Attendance.objects.all(), *Vote.objects.all()]) == []
    decide(case, cast_member("general_manager"))
    assert case.status == "approved"


def test_three_of_six_end_the_case_and_the_general_manager_has_no_act_on_it(case, members):
    item = open_ballot(case, members, recused=1)
    vote_all(item, members[:6], FOR, FOR, FOR, AGAINST, AGAINST, AGAINST)
    assert close(item).result == "refused"
    case.refresh_from_db()
    assert (case.status, case.project.status) == ("rejected", "rejected") or case.status == "rejected"
    with pytest.raises((NotVisible, Conflict)):
        decide(case, cast_member("general_manager"))


def test_a_passed_case_may_be_vetoed_but_its_conditions_stay(case, members):
    vote_all(open_ballot(case, members), members, *[FOR] * 6, WITH)
    close(case.hearings.get())
    case.refresh_from_db()
    condition = Condition.objects.get(case=case)
    with pytest.raises(RuleRefused) as refused:
        decide(case, cast_member("general_manager"), dropped={condition.pk: "不必要"})
    assert list(refused.value.errors) == [f"dropped.{condition.pk}"]
    decision = decision_make(
        case=case,
        verb="reject",
        opinion="行业集中度已近上限，予以否决。",
        reason_code="concentration",
        expected_version=case.version,
        by=cast_member("general_manager"),
    )
    case.refresh_from_db()
    assert (decision.stage, case.status) == ("final", "rejected")


def test_to_be_heard_again_sends_the_questions_back_once(case, members):
    item = open_ballot(case, members)
    vote_all(item, members, FOR, FOR, FOR, AGAIN, AGAIN, AGAINST, AGAINST)
    assert close(item).result == "reconsider"
    case.refresh_from_db()
    assert case.status == "returned"
    last = case.decisions.get(stage="committee")
    assert [row.text for row in last.items.all()] == ["补充电价敏感性测算"]
    submit(case.project)
    case.refresh_from_db()
    assert (case.round, case.stage) == (2, "recheck")
    decide(case, cast_member("recheck_reviewer"))
    second = open_ballot(case, members)
    assert second.hearing == 2
    with pytest.raises(RuleRefused) as refused:
        vote(second, members[0], AGAIN)
    assert list(refused.value.errors) == ["kind"]


def test_nobody_votes_twice_late_recused_absent_or_from_another_part_of_the_case(case, members):
    secretary = cast_member("committee_secretary")
    item = put_on_agenda(case)
    declare(case, members[0])
    with pytest.raises(NotPermitted):
        vote(item, members[0])
    item = open_ballot(case, members, recused=1, absent=1, item=item)
    vote(item, members[0])
    with pytest.raises(Conflict):
        vote(item, members[0], AGAINST)
    for person in (members[5], members[6], secretary, cast_member("final_approver"), cast_member("recheck_reviewer")):
        with pytest.raises((NotPermitted, NotVisible)):
            vote(item, person)
    for member in members[1:5]:
        vote(item, member)
    close(item)
    with pytest.raises(Conflict):
        vote(item, members[1])
    assert Vote.objects.count() == 5


def test_a_ballot_opens_only_with_a_quorum_of_members_who_declared_and_a_chair_among_them(case, members):
    item = put_on_agenda(case)
    for member in members[:5]:
        declare(case, member)
    secretary = cast_member("committee_secretary")
    wrong = [
        ({"present": members[:4], "chair": members[0]}, "present"),
        ({"present": members[:6], "chair": members[0]}, "present"),  # the sixth has declared nothing
        ({"present": members[:5], "chair": members[6]}, "chair"),
        ({"present": [*members[:5], secretary], "chair": members[0]}, "present"),
    ]
    for given, field in wrong:
        item.refresh_from_db()
        with pytest.raises(RuleRefused) as refused:
            ballot_open(item=item, expected_version=item.version, by=secretary, **given)
        assert list(refused.value.errors) == [field]
    assert not Attendance.objects.exists()
    ballot_open(item=item, expected_version=item.version, present=members[:5], chair=members[0], by=secretary)


def test_a_recusal_that_breaks_the_quorum_stops_the_count(case, members):
    item = open_ballot(case, members, absent=2)
    for member in members[:4]:
        vote(item, member)
    declare(case, members[4], conflict=True)
    with pytest.raises(RuleRefused) as refused:
        close(item)
    assert list(refused.value.errors) == ["present"]
    case.refresh_from_db()
    assert (case.stage, case.status) == ("committee", "open")


def test_a_ballot_waits_for_every_member_present(case, members):
    item = open_ballot(case, members)
    vote_all(item, members[:6], *[FOR] * 6)
    with pytest.raises(RuleRefused) as refused:
        close(item)
    assert list(refused.value.errors) == ["votes"]


def test_a_vote_says_what_its_kind_asks(case, members):
    item = open_ballot(case, members)
    wrong = [
        ({"kind": AGAINST, "opinion": OPINION[:10]}, "opinion"),
        ({"kind": WITH, "opinion": OPINION}, "lines"),
        ({"kind": AGAIN, "opinion": OPINION, "lines": [" "]}, "lines"),
        ({"kind": FOR, "opinion": OPINION, "lines": ["先到位"]}, "lines"),
        ({"kind": "abstain", "opinion": OPINION}, "kind"),
        ({"kind": FOR, "opinion": ""}, "opinion"),
    ]
    for given, field in wrong:
        with pytest.raises((RuleRefused, BadInput)) as refused:
            vote_cast(item=item, by=members[0], **given)
        assert list(refused.value.errors) == [field]
    assert not Vote.objects.exists()
