"""Bind the grades, dossiers, decisions and declarations that exist already."""

from django.db import migrations

from crm.kernel.audit.evidence import bind_existing


class Migration(migrations.Migration):
    dependencies = [("risk", "0031_identity_guard"), ("kernel", "0031_bind_files")]

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
            ),
        ),
        bind_existing(
            "risk",
            "ReviewRound",
            ("case", "number", "dossier", "dossier_sha256", "starts_at", "carried", "opened_by", "opened_at"),
        ),
        bind_existing(
            "risk",
            "Decision",
            (
                "case",
                "round",
                "stage",
                "step",
                "verb",
                "person",
                "account_id",
                "opinion",
                "reason_code",
                "target_stage",
                "return_due_on",
                "dossier_sha256",
                "rule_versions",
                "decided_at",
            ),
        ),
        bind_existing("risk", "ReturnItem", ("decision", "order", "text")),
    ]
