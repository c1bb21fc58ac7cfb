"""What the committee leaves as evidence: attendance, votes, results and minutes."""

from crm.kernel.declarations.evidence import Evidence, register
from risk.committee.models import AgendaItem, Attendance, Meeting, Vote

register(
    Evidence(
        Attendance,
        ("item", "case", "person", "state", "seat", "papers_at", "noted_at", "kept_words"),
        acts=("hearing.opened",),
    ),
    Evidence(
        Vote,
        ("item", "person", "seat", "kind", "opinion", "lines", "account_id", "cast_at", "kept_words"),
        acts=("hearing.voted",),
    ),
    Evidence(
        AgendaItem,
        (
            "meeting",
            "case",
            "round",
            "dossier_sha256",
            "hearing",
            "presenter",
            "chair",
            "status",
            "seats",
            "opened_at",
            "closed_at",
            "result",
            "present",
            "votes_for",
            "kept_words",
        ),
        acts=("hearing.decided",),
        condition="t.status = 'decided'",
    ),
    Evidence(
        Meeting,
        (
            "number",
            "held_on",
            "place",
            "secretary",
            "convened_at",
            "closed_at",
            "minutes",
            "minutes_sha256",
            "kept_words",
        ),
        acts=("meeting.closed",),
        condition="t.status = 'closed'",
    ),
)
