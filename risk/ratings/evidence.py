"""Grades as evidence: what was entered, and what the second person said."""

from crm.kernel.declarations.evidence import Evidence, register
from risk.ratings.models import Rating

register(
    Evidence(
        Rating,
        (
            "client",
            "grade",
            "reason",
            "source",
            "valid_from",
            "valid_until",
            "rule_versions",
            "entered_by",
            "entered_at",
            "confirmed_by",
            "confirmed_at",
            "rejected_by",
            "rejected_at",
            "rejected_reason",
            "kept_words",
        ),
        acts=("rating.entered", "rating.confirmed", "rating.rejected"),
        once=False,
    ),
)
