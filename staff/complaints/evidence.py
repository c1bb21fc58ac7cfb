"""What happened to a complaint as evidence: events, claims, reviews of handling, and the reply while it stands."""

from crm.kernel.declarations.evidence import Evidence, register
from staff.complaints.models import Complaint, ComplaintClaim, ComplaintEvent, ComplaintRecheck, Kind

register(
    Evidence(
        ComplaintEvent,
        ("complaint", "kind", "at", "person", "part", "text", "data", "kept_words"),
        acts=tuple(f"complaint.{kind}" for kind in Kind),
    ),
    Evidence(
        Complaint,
        (
            "number",
            "outcome",
            "draft",
            "replied_at",
            "first_replied_at",
            "reasons",
            "measures",
            "measures_on",
        ),
        acts=("complaint.replied", "complaint.reopened", "complaint.rechecked"),
        condition="t.replied_at IS NOT NULL",
        once=False,
    ),
    Evidence(
        ComplaintClaim,
        (
            "complaint",
            "person",
            "what",
            "reason",
            "claimed_by",
            "claimed_at",
            "decided_by",
            "decided_at",
            "is_confirmed",
            "opinion",
            "kept_words",
        ),
        acts=(
            "complaint.claimed",
            "complaint.undo_claimed",
            "complaint.relative_claimed",
            "complaint.claim_refused",
            "complaint.undone",
            "complaint.concerned",
        ),
        once=False,
    ),
    Evidence(
        ComplaintRecheck,
        (
            "complaint",
            "told_on",
            "requested_on",
            "grounds",
            "ask_none",
            "ask_forward",
            "due_none",
            "due_forward",
            "recorded_by",
            "recorded_at",
            "verdict",
            "answer",
            "told_how",
            "answered_by",
            "answered_at",
            "answered_on",
            "redo_due",
            "kept_words",
        ),
        acts=("complaint.recheck_asked", "complaint.recheck_refused", "complaint.rechecked"),
        once=False,
    ),
)
