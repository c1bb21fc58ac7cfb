"""A complaint on its statutory clock: who complains of what, who answers for it, and everything that was recorded."""

from staff.complaints.models.claims import AT_RECEIPT, DECLARED, ComplaintClaim
from staff.complaints.models.clock import Extension, Pause
from staff.complaints.models.complaint import Complaint, ComplaintCounter
from staff.complaints.models.files import ComplaintFile
from staff.complaints.models.outside import DeclaredRelation, PublicTry
from staff.complaints.models.parts import ComplaintEvent, ComplaintSeat
from staff.complaints.models.rechecks import ComplaintRecheck
from staff.complaints.models.words import (
    ANSWERED,
    BY_CHECKER,
    BY_HANDLER,
    DECISION_CHOICES,
    DECISIONS,
    OPEN,
    WORKED_ON,
    Channel,
    Grade,
    Ground,
    Kind,
    Outcome,
    Part,
    Status,
    Tie,
)

__all__ = [
    "ANSWERED",
    "AT_RECEIPT",
    "BY_CHECKER",
    "BY_HANDLER",
    "DECISIONS",
    "DECISION_CHOICES",
    "DECLARED",
    "OPEN",
    "WORKED_ON",
    "Channel",
    "Complaint",
    "ComplaintClaim",
    "ComplaintCounter",
    "ComplaintEvent",
    "ComplaintFile",
    "ComplaintRecheck",
    "ComplaintSeat",
    "DeclaredRelation",
    "Extension",
    "Grade",
    "Ground",
    "Kind",
    "Outcome",
    "Part",
    "Pause",
    "PublicTry",
    "Status",
    "Tie",
]
