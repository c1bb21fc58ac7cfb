"""The committee on its pages and in the admin site: one walk by people who only know addresses."""

import pytest
from django.urls import reverse

from crm.kernel.workdays import clock
from crm.tests.support.people import browser_for, cast_member
from risk.committee.models import AgendaItem, Meeting, Vote
from risk.committee.services import ballot_close, meeting_close
from risk.committee.tests.factories import OPINION, case_at_committee, make_committee, open_ballot, vote, vote_all
from risk.reviews.tests.factories import declare

pytestmark = pytest.mark.django_db
PLACE = "总部三楼会议室"


@pytest.fixture
def members(db):
    cast_member("general_manager")
    return make_committee(5)


def test_a_meeting_is_convened_its_agenda_filled_and_the_ballot_opened_and_closed(members):
    case, secretary = case_at_committee(), cast_member("committee_secretary")
    desk = browser_for(secretary)
    assert PLACE not in desk.get(reverse("risk:meeting_list")).content.decode()
    past = {"held_on": "2020-01-06", "place": PLACE}
    assert desk.post(reverse("risk:meeting_new"), past).status_code == 400
    given = {"held_on": clock.today().isoformat(), "place": PLACE}
    assert desk.post(reverse("risk:meeting_new"), given).status_code == 302
    meeting = Meeting.objects.get()
    page = reverse("risk:meeting_agenda", args=[meeting.pk])
    assert case.number in desk.get(page).content.decode()
    assert desk.post(page, {"case": case.pk, "version": meeting.version}).status_code == 302
    item = AgendaItem.objects.get()
    for member in members:
        declare(case, member)
    page = reverse("risk:hearing_open", args=[item.pk])
    assert members[0].name in desk.get(page).content.decode()
    chosen = {"present": [one.pk for one in members], "chair": members[0].pk, "version": item.version}
    assert desk.post(page, chosen).status_code == 302
    for member in members[:4]:
        page = reverse("risk:hearing_vote", args=[item.pk])
        own = browser_for(member)
        assert own.get(page).status_code == 200
        assert own.post(page, {"kind": "for", "opinion": OPINION, "lines": ""}).status_code == 302
    admin = reverse("admin:risk_agendaitem_change", args=[item.pk])
    last = browser_for(members[4])
    words = {"vote": "for_with_condition", "words": OPINION, "points": "资本金先行到位\n\n保险单第一受益人"}
    assert last.post(admin, words).status_code == 302
    assert Vote.objects.get(person=members[4]).lines == ["资本金先行到位", "保险单第一受益人"]
    item.refresh_from_db()
    page = reverse("risk:hearing_close", args=[item.pk])
    assert desk.get(page).status_code == 200
    assert desk.post(page, {"version": item.version}).status_code == 302
    told = desk.get(item.get_absolute_url()).content.decode()
    assert "有条件同意" in told
    assert all(member.name in told for member in members)
    meeting.refresh_from_db()
    page = reverse("risk:meeting_close", args=[meeting.pk])
    assert desk.post(page, {"version": meeting.version}).status_code == 302
    minutes = desk.get(reverse("risk:meeting_minutes", args=[meeting.pk]))
    assert minutes.headers["Content-Type"] == "application/pdf"
    assert minutes.content.startswith(b"%PDF")


def test_votes_are_sealed_until_the_ballot_is_closed(members):
    case = case_at_committee()
    item = open_ballot(case, members)
    vote(item, members[0])
    for reader in (members[1], cast_member("committee_secretary"), cast_member("auditor")):
        assert OPINION not in browser_for(reader).get(item.get_absolute_url()).content.decode()
    assert OPINION in browser_for(members[0]).get(item.get_absolute_url()).content.decode()
    for outsider in ("owner", "general_manager", "final_approver"):
        assert browser_for(cast_member(outsider)).get(item.get_absolute_url()).status_code == 404
    vote_all(item, members[1:], *["for"] * 4)
    ballot_close(item=item, expected_version=item.version, by=cast_member("committee_secretary"))
    for reader in ("owner", "general_manager"):
        assert OPINION in browser_for(cast_member(reader)).get(item.get_absolute_url()).content.decode()


def test_whoever_recused_reads_no_votes_afterwards(members):
    members = make_committee(7)
    item = open_ballot(case_at_committee(), members, recused=1)
    vote_all(item, members[:6], *["for"] * 6)
    ballot_close(item=item, expected_version=item.version, by=cast_member("committee_secretary"))
    assert OPINION not in browser_for(members[6]).get(item.get_absolute_url()).content.decode()


def test_the_case_page_shows_the_committee_stage_and_leads_to_the_hearing(members):
    case = case_at_committee()
    item = open_ballot(case, members)
    page = browser_for(members[0]).get(case.get_absolute_url()).content.decode()
    way = reverse("risk:case_hearing", args=[case.pk])
    assert "贷审会" in page
    assert way in page
    assert browser_for(members[0]).get(way).headers["Location"] == item.get_absolute_url()
    my_day = browser_for(members[0]).get(reverse("home:my_day")).content.decode()
    assert reverse("risk:hearing_vote", args=[item.pk]) in my_day


def test_minutes_are_bound_and_a_change_behind_the_back_shows(members):
    case = case_at_committee()
    item = vote_all(open_ballot(case, members), members, *["for"] * 5)
    secretary = cast_member("committee_secretary")
    ballot_close(item=item, expected_version=item.version, by=secretary)
    meeting = Meeting.objects.get()
    closed = meeting_close(meeting=meeting, expected_version=meeting.version, by=secretary)
    assert len(closed.minutes_sha256) == 64
    assert all(member.name in closed.minutes for member in members)
