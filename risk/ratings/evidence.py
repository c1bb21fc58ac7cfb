"""Grades as evidence: what was entered, what the second person said, and whether it still holds."""

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
            "status",
            "score",
            "scoring",
        ),
        acts=("rating.entered", "rating.confirmed", "rating.rejected", "client.identity_confirmed"),
        once=False,
    ),
)
