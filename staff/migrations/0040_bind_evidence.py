"""Bind the quarters, corrections, complaint events and replies that exist already."""

from django.db import migrations

from crm.kernel.audit.evidence import bind_existing


class Migration(migrations.Migration):
    dependencies = [("staff", "0039_recheck_guard"), ("kernel", "0031_bind_files")]

    operations = [
        bind_existing(
            "staff",
            "KpiPeriod",
            ("code", "starts_on", "ends_on", "closed_by", "closed_at", "people", "inputs_sha256", "results_sha256"),
            condition="t.closed_at IS NOT NULL",
        ),
        bind_existing(
            "staff",
            "KpiResult",
            (
                "period",
                "person",
                "department",
                "post",
                "scheme",
                "points",
                "measured",
                "document",
                "document_sha256",
                "computed_at",
            ),
            condition="EXISTS (SELECT FROM staff_kpiperiod p WHERE p.id = t.period_id AND p.closed_at IS NOT NULL)",
        ),
        bind_existing(
            "staff",
            "KpiCorrection",
            (
                "period",
                "appears_in",
                "person",
                "measure",
                "points",
                "before",
                "after",
                "reason",
                "entered_by",
                "entered_at",
            ),
        ),
        bind_existing("staff", "ComplaintEvent", ("complaint", "kind", "at", "person", "part", "text", "data")),
        bind_existing(
            "staff",
            "Complaint",
            ("number", "outcome", "draft", "replied_at", "first_replied_at"),
            condition="t.replied_at IS NOT NULL",
        ),
    ]
