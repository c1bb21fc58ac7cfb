"""Writes of deals. Each function is keyword-only, atomic, asks policy and state, and records what it did."""

from projects.deals.services.deals import (
    document_add,
    document_note_download,
    document_remove,
    investigators_set,
    project_change_terms,
    project_create,
    project_lapse,
    project_lock,
    project_prolong,
    project_record_decision,
    project_review_progress,
    project_update,
    project_withdraw,
)
from projects.deals.services.signatures import report_sign

__all__ = [
    "document_add",
    "document_note_download",
    "document_remove",
    "investigators_set",
    "project_change_terms",
    "project_create",
    "project_lapse",
    "project_lock",
    "project_prolong",
    "project_record_decision",
    "project_review_progress",
    "project_update",
    "project_withdraw",
    "report_sign",
]
