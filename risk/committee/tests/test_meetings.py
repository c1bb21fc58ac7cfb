"""Meetings and their agenda: who convenes, what may stand on it, how it ends; who may sit in the committee at all."""

import pytest

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, RuleRefused, Stale
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.roles import Role
from crm.kernel.people.services import role_grant
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member, make_person
from risk.committee.models import AgendaItem, Meeting
from risk.committee.services import hearing_list, hearing_remove, meeting_close, meeting_convene
from risk.committee.tests.factories import case_at_committee, convene, make_committee, open_ballot, put_on_agenda
from risk.reviews.models import ReviewCase
from risk.reviews.services import review_withdraw
from risk.reviews.tests.factories import decide, declare, make_project, submit

pytestmark = pytest.mark.django_db
REASON = "委员临时公出，改期上会。"


def test_no_meeting_while_fewer_than_five_members_are_in_office():
    make_committee(4)
    with pytest.raises(RuleRefused) as refused:
        convene()
    assert list(refused.value.errors) == ["members"]
    assert not Meeting.objects.exists()
    make_committee(5)
    assert convene().number == f"DSH-{clock.today().year}-001"
    assert convene().number == f"DSH-{clock.today().year}-002"


def test_only_a_secretary_convenes_and_only_for_a_day_to_come():
    members = make_committee(5)
    for person in (members[0], cast_member("auditor"), cast_member("owner")):
        with pytest.raises(NotPermitted):
            convene(person)
    with pytest.raises(BadInput) as refused:
        meeting_convene(held_on=clock.today().replace(year=2020), place="三楼", by=cast_member("committee_secretary"))
    assert list(refused.value.errors) == ["held_on"]


def test_a_case_stands_on_one_agenda_and_only_while_it_waits_for_the_committee():
    make_committee(5)
    meeting, secretary = convene(), cast_member("committee_secretary")
    early = submit(make_project())
    with pytest.raises(NotVisible):
        hearing_list(meeting=meeting, case=early, expected_version=meeting.version, by=secretary)
    case = case_at_committee()
    with pytest.raises(Stale):
        hearing_list(meeting=meeting, case=case, expected_version=meeting.version + 1, by=secretary)
    put_on_agenda(case, meeting)
    with pytest.raises(Conflict):
        put_on_agenda(case, meeting)
    assert AgendaItem.objects.count() == 1


def test_another_secretary_keeps_no_meeting_of_theirs():
    make_committee(5)
    meeting, other = convene(), make_person("方知行", Role.COMMITTEE_SECRETARY, place="0030")
    case = case_at_committee()
    with pytest.raises(NotPermitted):
        hearing_list(meeting=meeting, case=case, expected_version=meeting.version, by=other)
    with pytest.raises(NotPermitted):
        meeting_close(meeting=meeting, expected_version=meeting.version, by=other)


def test_a_meeting_closes_once_every_case_is_decided_or_off_the_agenda():
    make_committee(5)
    item, secretary = put_on_agenda(case_at_committee()), cast_member("committee_secretary")
    meeting = Meeting.objects.get()
    with pytest.raises(RuleRefused) as refused:
        meeting_close(meeting=meeting, expected_version=meeting.version, by=secretary)
    assert list(refused.value.errors) == ["items"]
    with pytest.raises(BadInput):
        hearing_remove(item=item, reason=" ", expected_version=item.version, by=secretary)
    hearing_remove(item=item, reason=REASON, expected_version=item.version, by=secretary)
    meeting.refresh_from_db()
    assert meeting_close(meeting=meeting, expected_version=meeting.version, by=secretary).status == "closed"
    with pytest.raises(Conflict):
        put_on_agenda(item.case, meeting)
    assert put_on_agenda(item.case).status == "listed"


def test_an_open_ballot_is_broken_off_only_when_recusals_broke_its_quorum():
    members, secretary = make_committee(5), cast_member("committee_secretary")
    case = case_at_committee()
    item = open_ballot(case, members)
    with pytest.raises(Conflict):
        hearing_remove(item=item, reason=REASON, expected_version=item.version, by=secretary)
    declare(case, members[4], conflict=True)
    item.refresh_from_db()
    assert hearing_remove(item=item, reason=REASON, expected_version=item.version, by=secretary).status == "removed"


def test_a_case_taken_back_leaves_the_agenda_and_comes_again_in_its_next_round():
    members = make_committee(5)
    case = case_at_committee()
    item = put_on_agenda(case)
    case.refresh_from_db()
    review_withdraw(case=case, expected_version=case.version, reason="客户调整方案", by=cast_member("owner"))
    for member in members:
        with pytest.raises((Conflict, NotPermitted, NotVisible)):
            declare(case, member)
    case = submit(case.project)
    for part in ("initial_reviewer", "recheck_reviewer"):
        decide(case, cast_member(part))
    again = put_on_agenda(ReviewCase.objects.get(pk=case.pk))
    item.refresh_from_db()
    assert (item.status, again.round, again.hearing) == ("removed", 2, 1)


def test_who_decides_after_the_committee_is_no_member_of_it():
    manager, member = cast_member("general_manager"), cast_member("committee_member")
    for person, given in (
        (manager, {"role": Role.COMMITTEE_MEMBER}),
        (member, {"role": Role.FINAL_APPROVER, "authority_level": 3}),
    ):
        with pytest.raises(RuleRefused) as refused:
            role_grant(person=person, by=SYSTEM, **given)
        assert refused.value.code == "toxic_pair"
    role_grant(person=member, role=Role.FINAL_APPROVER, authority_level=2, by=SYSTEM)
