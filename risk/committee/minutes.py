"""The minutes of a meeting: canonical JSON written once, of which the PDF is set and whose hash stands on it."""

import json
from typing import Any

from crm.kernel.people.models import Department
from risk.committee.models import AgendaItem, Attendance, Meeting, Vote
from risk.reviews.rules.dossier import encode_canonical, hash_text


def write_minutes(meeting: Meeting) -> str:
    """Everything the minutes say, from the rows as they stand. Four queries."""
    items = AgendaItem.objects.filter(meeting=meeting).select_related("case__project__client").order_by("pk")
    attendance: dict[int, list[Attendance]] = {}
    for row in Attendance.objects.filter(item__meeting=meeting).order_by("pk"):
        attendance.setdefault(row.item_id, []).append(row)
    votes: dict[int, dict[int, Vote]] = {}
    for vote in Vote.objects.filter(item__meeting=meeting).order_by("pk"):
        votes.setdefault(vote.item_id, {})[vote.person_id] = vote
    return encode_canonical(
        {
            "number": meeting.number,
            "held_on": meeting.held_on.isoformat(),
            "place": meeting.place,
            "secretary": meeting.kept.secretary.name,
            "institution": str(Department.objects.filter(parent=None).order_by("pk").first() or ""),
            "items": [_item(one, attendance.get(one.pk, []), votes.get(one.pk, {})) for one in items],
        }
    )


def hash_minutes(text: str) -> str:
    """SHA-256 of the minutes' text."""
    return hash_text(text)


def read_minutes(meeting: Meeting) -> dict[str, Any]:
    """What `write_minutes` wrote."""
    found: dict[str, Any] = json.loads(meeting.minutes)
    return found


def _item(item: AgendaItem, attendance: list[Attendance], votes: dict[int, Vote]) -> dict[str, Any]:
    case = item.case
    return {
        "case": case.number,
        "project": case.kept.project.name,
        "client": case.kept.project.client,
        "round": item.round,
        "hearing": item.hearing,
        "dossier_sha256": item.dossier_sha256,
        "presenter": item.kept.presenter.name,
        "chair": item.kept.chair.name if item.chair_id else "",
        "status": item.status,
        "result": item.result,
        "seats": item.seats,
        "present": item.present,
        "votes_for": item.votes_for,
        "members": [_member(row, votes.get(row.person_id)) for row in attendance],
    }


def _member(row: Attendance, vote: Vote | None) -> dict[str, Any]:
    return {
        "name": row.kept.person.name,
        "state": row.state,
        "papers_at": row.papers_at.isoformat() if row.papers_at else "",
        "vote": vote.kind if vote else "",
        "opinion": vote.opinion if vote else "",
        "lines": vote.lines if vote else [],
        "cast_at": vote.cast_at.isoformat() if vote else "",
    }
