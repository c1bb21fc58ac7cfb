"""Handing a file out. Who may have it is asked, and the download recorded, by the subject's own view."""

import logging

from django.core.files.storage import default_storage
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Conflict
from crm.kernel.attachments.models import StoredFile

logger = logging.getLogger(__name__)


def file_response(stored: StoredFile) -> FileResponse:
    """The bytes as a download that no browser opens as a page of ours: attachment, no sniffing, sandboxed, not kept."""
    try:
        opened = default_storage.open(stored.storage_name, "rb")
    except FileNotFoundError:
        logger.error("stored file %s is missing at %s", stored.pk, stored.storage_name)
        raise Conflict(_("The file is missing from the store; an administrator must restore it.")) from None
    response = FileResponse(opened, as_attachment=True, filename=stored.name, content_type=stored.content_type)
    response.headers["Content-Length"] = str(stored.size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-SHA256"] = stored.sha256
    return response
