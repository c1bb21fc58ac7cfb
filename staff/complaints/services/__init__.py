"""What the other rooms, and other apps, call of complaints' services."""

from staff.complaints.services.claims import claim_decide, complaint_concern, complaint_unconcern
from staff.complaints.services.clock import (
    dates_refresh,
    extension_decide,
    extension_request,
    extension_tell,
    pause_end,
    pause_start,
)
from staff.complaints.services.correction import complaint_correct
from staff.complaints.services.duties import concerned_escalate, deserted_escalate, escalate_due, overdue_note
from staff.complaints.services.handling import (
    complaint_acknowledge,
    complaint_assign,
    complaint_close,
    complaint_draft,
    complaint_reclassify,
    complaint_reopen,
    complaint_reply,
    complaint_review,
)
from staff.complaints.services.intake import complaint_file, complaint_receive
from staff.complaints.services.public import complaint_look_up
from staff.complaints.services.recheck import recheck_decide, recheck_request
from staff.complaints.services.relations import relation_declare, relation_end
from staff.complaints.services.reveal import complaint_reveal
from staff.complaints.services.throttle import tries_forget
from staff.complaints.services.withdrawal import complaint_withdraw

__all__ = [
    "claim_decide",
    "complaint_acknowledge",
    "complaint_assign",
    "complaint_close",
    "complaint_concern",
    "complaint_correct",
    "complaint_draft",
    "complaint_file",
    "complaint_look_up",
    "complaint_receive",
    "complaint_reclassify",
    "complaint_reopen",
    "complaint_reply",
    "complaint_reveal",
    "complaint_review",
    "complaint_unconcern",
    "complaint_withdraw",
    "concerned_escalate",
    "dates_refresh",
    "deserted_escalate",
    "escalate_due",
    "extension_decide",
    "extension_request",
    "extension_tell",
    "overdue_note",
    "pause_end",
    "pause_start",
    "recheck_decide",
    "recheck_request",
    "relation_declare",
    "relation_end",
    "tries_forget",
]
