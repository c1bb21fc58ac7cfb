"""Decided projects as evidence: what was asked for and what was approved; and the signatures under the reports."""

from crm.kernel.declarations.evidence import Evidence, register
from projects.deals.models import Project
from projects.deals.signatures import ReportSignature

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
            "capital_know_how",
            "capital_instruments",
            "capital_not_counted",
            "other_sources",
            "short_board_points",
            "short_board_reason",
            "approval_kind",
            "approval_no",
            "approval_date",
            "rate_kind",
            "rate_spread_bp",
            "rate_fixed",
            "repayment",
            "security_kinds",
            "is_fully_margined",
            "draw_months",
            "validity_months",
            "term_reason",
            "sector_reason",
            "approved_term_months",
            "approved_draw_months",
            "valid_until",
            "terms_version",
        ),
        acts=(
            "project.approved",
            "project.rejected",
            "project.prolonged",
            "project.terms_changed",
            "project.lapsed",
            "project.locked",
        ),
        condition="t.status IN ('approved', 'rejected')",
        once=False,  # an approval that lapsed is decided anew
    ),
    Evidence(
        ReportSignature,
        ("project", "document", "person", "person_name", "account_id", "sha256", "signed_at"),
        acts=("project.report_signed",),
    ),
)
