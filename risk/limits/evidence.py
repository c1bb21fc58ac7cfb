"""Limits as evidence: what was worked out, asked and decided, and what a later cut left of it."""

from crm.kernel.declarations.evidence import Evidence, register
from risk.limits.models import CreditLimit

register(
    Evidence(
        CreditLimit,
        (
            "client",
            "grade",
            "amount",
            "computed",
            "need_kind",
            "need",
            "source",
            "reason",
            "terms",
            "rule_versions",
            "level",
            "by_committee",
            "valid_until",
            "status",
            "entered_by",
            "entered_at",
            "asked_of",
            "decided_by",
            "decided_at",
            "decided_level",
            "opinion",
            "resolution",
            "cut_to",
            "cut_at",
            "cut_terms",
            "kept_words",
        ),
        acts=("limit.proposed", "limit.approved", "limit.declined", "limit.cut"),
        once=False,
    ),
)
