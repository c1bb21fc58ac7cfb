"""Complaints and KPI keep the names as of the act."""

from django.db import migrations

from crm.kernel.access.kept_words import DEPARTMENT, POST, Source, keep_words


class Migration(migrations.Migration):
    dependencies = [("staff", "0050_kept_words"), ("kernel", "0071_words_kept"), ("clients", "0040_client_words")]

    operations = [
        *keep_words(
            "staff_complaint",
            people={"responsible": "replied_at", "created_by": "created_at"},
            others={"client": Source("clients_client_words")},
        ),
        *keep_words("staff_complaintseat", people={"person": "since"}),
        *keep_words("staff_complaintevent", people={"person": "at"}),
        *keep_words(
            "staff_complaintclaim",
            people={"person": "claimed_at", "claimed_by": "claimed_at", "decided_by": "decided_at"},
        ),
        *keep_words("staff_extension", people={"requested_by": "requested_at", "decided_by": "decided_at"}),
        *keep_words("staff_complaintrecheck", people={"recorded_by": "recorded_at", "answered_by": "answered_at"}),
        *keep_words(
            "staff_kpischeme",
            people={"proposed_by": "proposed_at", "approved_by": "approved_at"},
            others={"post": POST},
        ),
        *keep_words("staff_kpiperiod", people={"closed_by": "closed_at"}),
        *keep_words(
            "staff_kpiresult", people={"person": "computed_at"}, others={"department": DEPARTMENT, "post": POST}
        ),
        *keep_words("staff_kpicorrection", people={"person": "entered_at", "entered_by": "entered_at"}),
    ]
