"""Bind the parts of told replies, and the claims and reviews of handling, that exist already."""

from django.db import migrations

from crm.kernel.audit.evidence import bind_existing


class Migration(migrations.Migration):
    dependencies = [("staff", "0051_words_kept")]

    operations = [
        bind_existing(
            "staff",
            "Complaint",
            (
                "number",
                "outcome",
                "draft",
                "replied_at",
                "first_replied_at",
                "reasons",
                "measures",
                "measures_on",
            ),
            "t.replied_at IS NOT NULL",
        ),
        bind_existing(
            "staff",
            "ComplaintClaim",
            (
                "complaint",
                "person",
                "what",
                "reason",
                "claimed_by",
                "claimed_at",
                "decided_by",
                "decided_at",
                "is_confirmed",
                "opinion",
                "kept_words",
            ),
        ),
        bind_existing(
            "staff",
            "ComplaintRecheck",
            (
                "complaint",
                "told_on",
                "requested_on",
                "grounds",
                "ask_none",
                "ask_forward",
                "due_none",
                "due_forward",
                "recorded_by",
                "recorded_at",
                "verdict",
                "answer",
                "told_how",
                "answered_by",
                "answered_at",
                "answered_on",
                "redo_due",
                "kept_words",
            ),
        ),
    ]
