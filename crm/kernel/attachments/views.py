"""Handing a file out. Who may have it is asked, and the download recorded, by the subject's own view."""

import logging
from typing import ClassVar, Protocol

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Conflict, NotVisible
from crm.kernel.attachments.models import StoredFile
from crm.kernel.audit.services import record_read
from crm.kernel.web.views import ObjectMixin

logger = logging.getLogger(__name__)


class HandedOut(Protocol):
    """What can be handed out: a stored file, or what else lies in the store under a hash."""

    pk: int
    storage_name: str
    size: int
    sha256: str

    @property
    def name(self) -> str: ...
    @property
    def content_type(self) -> str: ...


def file_response(stored: HandedOut | StoredFile) -> FileResponse:
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


class KernelFileView(ObjectMixin):
    """A file of a row, as a download: `file_field` of the row; 404 where there is none yet.

    `read_act` is recorded before the first byte goes out.
    """

    file_field: ClassVar[str] = "paper"
    read_act: ClassVar[str] = ""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> FileResponse:
        stored: StoredFile | None = getattr(self.object, self.file_field)
        if stored is None:
            raise NotVisible
        answer = file_response(stored)
        record_read(self.read_act, subject=self.object, by=self.person, data={"sha256": stored.sha256})
        return answer
