"""Pictures of the credit committee: its meetings, an agenda, a hearing being voted on and a decided one."""

from typing import Any

from risk.committee.models import AgendaItem, Meeting
from tools.shots.page import Page

SECRETARY = "wenyuning"
PAGES = (
    Page("23-meetings", "risk:meeting_list", SECRETARY),
    Page("23-meeting-new", "risk:meeting_new", SECRETARY),
    Page("23-meeting", "risk:meeting_detail", SECRETARY, of="meeting_open"),
    Page("23-meeting-closed", "risk:meeting_detail", SECRETARY, of="meeting_closed"),
    Page("23-meeting-agenda", "risk:meeting_agenda", SECRETARY, of="meeting_open"),
    Page("23-meeting-close", "risk:meeting_close", SECRETARY, of="meeting_open"),
    Page("23-hearing-voting", "risk:hearing", SECRETARY, of="hearing_open"),
    Page("23-hearing-open", "risk:hearing_open", SECRETARY, of="hearing_listed"),
    Page("23-hearing-vote", "risk:hearing_vote", "jiangmin", of="hearing_open"),
    Page("23-hearing-close", "risk:hearing_close", SECRETARY, of="hearing_open"),
    Page("23-hearing-remove", "risk:hearing_remove", SECRETARY, of="hearing_open"),
    Page("23-hearing-decided", "risk:hearing", SECRETARY, of="hearing_decided"),
    Page("33-admin-meetings", "admin:risk_meeting_changelist", SECRETARY),
    Page("33-admin-hearings", "admin:risk_agendaitem_changelist", SECRETARY),
    Page("33-admin-votes", "admin:risk_vote_changelist", SECRETARY),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's open and closed meeting with their hearings."""
    voting = AgendaItem.objects.get(status=AgendaItem.Status.VOTING)
    decided = AgendaItem.objects.filter(status=AgendaItem.Status.DECIDED).latest("pk")
    closed = Meeting.objects.filter(status=Meeting.Status.CLOSED).latest("pk")
    return {
        "meeting_open": (voting.meeting_id,),
        "meeting_closed": (closed.pk,),
        "hearing_listed": (AgendaItem.objects.filter(status=AgendaItem.Status.LISTED).latest("pk").pk,),
        "hearing_open": (voting.pk,),
        "hearing_decided": (decided.pk,),
    }
