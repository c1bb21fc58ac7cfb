"""Bind the status of the grades, and the changes of identity, that exist already."""

from django.db import migrations

from crm.kernel.audit.evidence import bind_existing


class Migration(migrations.Migration):
    dependencies = [("risk", "0047_identity_withdrawn")]

    operations = [
        bind_existing(
            "risk",
            "Rating",
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
            ),
        ),
        bind_existing(
            "risk",
            "IdentityChange",
            (
                "client",
                "former_name",
                "former_code",
                "former_type",
                "name",
                "credit_code",
                "client_type",
                "reason",
                "paper",
                "status",
                "proposed_by",
                "proposed_at",
                "decided_by",
                "decided_at",
                "decided_reason",
                "kept_words",
            ),
        ),
    ]
