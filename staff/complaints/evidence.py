"""What happened to a complaint as evidence, and the reply as long as it stands as told."""

from crm.kernel.declarations.evidence import Evidence, register
from staff.complaints.models import Complaint, ComplaintEvent, Kind

register(
    Evidence(
        ComplaintEvent,
        ("complaint", "kind", "at", "person", "part", "text", "data", "kept_words"),
        acts=tuple(f"complaint.{kind}" for kind in Kind),
    ),
    Evidence(
        Complaint,
        ("number", "outcome", "draft", "replied_at", "first_replied_at"),
        acts=("complaint.replied", "complaint.reopened", "complaint.rechecked"),
        condition="t.replied_at IS NOT NULL",
        once=False,
    ),
)
