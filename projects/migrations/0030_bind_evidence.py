"""Bind the projects that are decided already."""

from django.db import migrations

from crm.kernel.audit.evidence import bind_existing


class Migration(migrations.Migration):
    dependencies = [("projects", "0030_search_by_form"), ("kernel", "0031_bind_files")]

    operations = [
        bind_existing(
            "projects",
            "Project",
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
            condition="t.status IN ('approved', 'rejected')",
        ),
    ]
