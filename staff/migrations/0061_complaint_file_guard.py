"""Evidence of a complaint is only ever added."""

from django.db import migrations

from crm.kernel.audit.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("staff", "0060_complaint_files"), ("kernel", "0002_audit_guards")]

    operations = [*append_only("staff_complaintfile")]
