"""Evidence files that a visitor sends with a complaint: bounded in number and bytes, through the gate of all files."""

import hashlib
from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput, TooLarge
from crm.kernel.attachments.services import file_take
from crm.kernel.audit.context import Actor
from crm.kernel.parameters import selectors as parameters
from staff.complaints.models import Complaint, ComplaintFile
from staff.complaints.services.held import now_of

FIELD = "evidence"
BOUNDS = "complaint.evidence"


def check_bounds(files: Sequence[UploadedFile]) -> None:
    """Refuse more files, or more bytes in all, than `complaint.evidence` allows; nothing is read."""
    bounds = parameters.value(BOUNDS).value
    if len(files) > bounds["files"]:
        raise BadInput(_("At most %(most)d files.") % {"most": bounds["files"]}, field=FIELD, code="many_files")
    if sum(file.size or 0 for file in files) > bounds["bytes"]:
        most = f"{bounds['bytes'] / 1024 / 1024:g}"
        raise TooLarge(_("Together the files may have at most %(most)s MB.") % {"most": most}, field=FIELD)


def fingerprints(files: Sequence[UploadedFile]) -> list[str]:
    """The SHA-256 of each file in the order they were sent: the same form sent again is known by them."""
    found = []
    for file in files:
        digest = hashlib.sha256()
        for piece in file.chunks():
            digest.update(piece)
        file.seek(0)
        found.append(digest.hexdigest())
    return found


def keep_evidence(row: Complaint, files: Sequence[UploadedFile], *, by: Actor) -> None:
    """Check and keep the files of a complaint that was just stored, in its transaction."""
    for file in files:
        stored = file_take(upload=file, by=by, field=FIELD)
        ComplaintFile.objects.create(complaint=row, file=stored, added_at=now_of(row))
