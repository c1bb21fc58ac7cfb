"""Stored files as evidence: their row, and the bytes in the store."""

from crm.kernel.attachments.models import StoredFile
from crm.kernel.attachments.services import file_intact
from crm.kernel.declarations.evidence import Evidence, register

register(
    Evidence(
        StoredFile,
        ("sha256", "size", "name", "content_type", "storage_name", "uploaded_by", "created_at"),
        acts=("file.stored",),
        is_whole=file_intact,
    ),
)
