"""Reads of complaints: lists and the one page, the board, who may answer, what the public page tells."""

from staff.complaints.selectors.board import Group, board, counts, due_soon
from staff.complaints.selectors.reading import (
    claims_about,
    claims_of,
    complaint_after,
    complaint_get,
    complaint_list,
    complaint_public,
    event_list,
    rechecks_of,
    relation_list,
)

__all__ = [
    "Group",
    "board",
    "claims_about",
    "claims_of",
    "complaint_after",
    "complaint_get",
    "complaint_list",
    "complaint_public",
    "counts",
    "due_soon",
    "event_list",
    "rechecks_of",
    "relation_list",
]
