"""Confirmed covers, as evidence: decisions under a letter rest on it."""

from crm.kernel.declarations.evidence import Evidence, register
from crm.kernel.people.models import Cover

register(
    Evidence(
        Cover,
        (
            "person",
            "deputy",
            "kind",
            "starts_on",
            "ends_on",
            "scope",
            "ceiling",
            "letter_no",
            "is_suspended",
            "asked_by",
            "decided_by",
            "decided_at",
        ),
        acts=("cover.confirmed",),
        condition="t.state IN ('confirmed', 'ended') AND t.decided_at IS NOT NULL",
    ),
)
