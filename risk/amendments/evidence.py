"""What was asked of an approved project, and the terms it led to, as evidence."""

from crm.kernel.declarations.evidence import Evidence, register
from risk.amendments.models import Amendment, TermsVersion

register(
    Evidence(
        Amendment,
        (
            "case",
            "round",
            "before",
            "changes",
            "is_extension",
            "reason",
            "effect",
            "asked_by",
            "asked_at",
            "kept_words",
        ),
        acts=("amendment.asked",),
    ),
    Evidence(TermsVersion, ("project", "number", "amendment", "terms", "decided_at"), acts=("amendment.decided",)),
)
