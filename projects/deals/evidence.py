"""Decided projects as evidence: what was asked for, and the amount that was approved."""

from crm.kernel.declarations.evidence import Evidence, register
from projects.deals.models import Project

register(
    Evidence(
        Project,
        (
            "client",
            "name",
            "product",
            "sector",
            "amount",
            "currency",
            "term_months",
            "secured",
            "purpose",
            "total_investment",
            "capital",
            "status",
            "approved_amount",
            "decided_on",
        ),
        acts=("project.approved", "project.rejected"),
        condition="t.status IN ('approved', 'rejected')",
    ),
)
