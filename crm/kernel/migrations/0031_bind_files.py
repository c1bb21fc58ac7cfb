"""Bind the files that are stored already."""

from django.db import migrations

from crm.kernel.audit.evidence import bind_existing


class Migration(migrations.Migration):
    dependencies = [("kernel", "0030_audit_evidence")]

    operations = [
        bind_existing(
            "kernel",
            "StoredFile",
            ("sha256", "size", "name", "content_type", "storage_name", "uploaded_by", "created_at"),
        ),
    ]
