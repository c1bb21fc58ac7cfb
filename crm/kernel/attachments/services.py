"""Taking a file in: name, size and content are checked, then the bytes are kept under their hash."""

import hashlib
from typing import BinaryIO, cast

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import require
from crm.kernel.access.errors import BadInput, TooLarge
from crm.kernel.attachments.confinement import check_confined
from crm.kernel.attachments.models import StoredFile
from crm.kernel.attachments.rules.contents import Limits
from crm.kernel.attachments.rules.names import checked_name
from crm.kernel.attachments.rules.refusal import FileRefused
from crm.kernel.attachments.rules.text import CHUNK
from crm.kernel.attachments.sentences import refusal_sentence
from crm.kernel.audit.context import Actor
from crm.kernel.audit.services import record
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock

FIELD = "file"
CODES = (
    "attachment.max_bytes",
    "attachment.types",
    "attachment.unpacked_max_bytes",
    "attachment.unpacked_ratio",
    "attachment.unpacked_entries",
    "attachment.image_max_side",
)


def file_store(*, upload: UploadedFile | File, by: Person, field: str = FIELD) -> StoredFile:
    """Check and keep one upload; the caller asks the subject's policy and attaches the row in the same transaction.

    BadInput or TooLarge name `field`. The bytes are stored before the row, under their hash: a rollback leaves at
    most an unnamed copy behind, never a row without bytes. Equal content is kept once.
    """
    require(by, "create", StoredFile)
    return _store(upload, by=by, field=field)


def file_take(*, upload: UploadedFile | File, by: Actor, field: str = FIELD) -> StoredFile:
    """The same for a visitor, who has no row of a person: checked by the same rules, with nobody as uploader.

    The caller bounds how many and how large the files are, and how often they come.
    """
    return _store(upload, by=by, field=field)


def _store(upload: UploadedFile | File, *, by: Person | Actor, field: str) -> StoredFile:
    limits = parameters.values(CODES)
    largest = limits["attachment.max_bytes"].value
    if (upload.size or 0) > largest:
        raise TooLarge(too_large_text(largest), field=field)
    try:
        name, extension = checked_name(upload.name or "", allowed=limits["attachment.types"].value)
        source = cast(BinaryIO, upload.file)
        content_type = check_confined(source, extension, _limits(limits))
    except FileRefused as refusal:
        raise BadInput(refusal_sentence(refusal), field=field, code=f"file_{refusal.code}") from refusal
    sha256, size = _digest(source)
    with transaction.atomic():
        stored = StoredFile.objects.create(
            sha256=sha256,
            size=size,
            name=name,
            content_type=content_type,
            storage_name=_keep(source, sha256),
            uploaded_by=by if isinstance(by, Person) else None,
            created_at=clock.now(),
        )
        record(
            "file.stored",
            subject=stored,
            by=by,
            data={"sha256": sha256, "size": size, "name": name},
            evidence=(stored,),
        )
    return stored


def file_intact(stored: StoredFile) -> bool:
    """Whether the store still holds exactly the bytes that were taken in."""
    return _holds(stored.storage_name, stored.sha256)


def too_large_text(largest: int) -> str:
    """The sentence for a file above `largest` bytes."""
    return str(_("The file is larger than %(high)s MB.")) % {"high": f"{largest / 1024 / 1024:g}"}


def _limits(found: dict[str, parameters.ParameterValue]) -> Limits:
    return Limits(
        unpacked=found["attachment.unpacked_max_bytes"].value,
        ratio=found["attachment.unpacked_ratio"].value,
        entries=found["attachment.unpacked_entries"].value,
        image_side=found["attachment.image_max_side"].value,
    )


def _digest(source: BinaryIO) -> tuple[str, int]:
    source.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := source.read(CHUNK):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _keep(source: BinaryIO, sha256: str) -> str:
    """The place of these bytes in the store; a copy broken by a crash is not trusted but written beside."""
    name = f"files/{sha256[:2]}/{sha256[2:4]}/{sha256}"
    if _holds(name, sha256):
        return name
    source.seek(0)
    return default_storage.save(name, File(source))


def _holds(name: str, sha256: str) -> bool:
    if not default_storage.exists(name):
        return False
    with default_storage.open(name, "rb") as kept:
        return _digest(cast(BinaryIO, kept))[0] == sha256
