"""Taking a file in: name, size and content are checked, then the bytes are kept under their hash."""

import hashlib
from typing import BinaryIO, cast

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import require
from crm.kernel.access.errors import BadInput, Text, TooLarge
from crm.kernel.attachments.models import StoredFile
from crm.kernel.attachments.rules.contents import CHUNK, Limits, check_content
from crm.kernel.attachments.rules.names import checked_name
from crm.kernel.attachments.rules.refusal import FileRefused
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

SENTENCES: dict[str, Text] = {
    "name_missing": _("The file has no name."),
    "name_hidden_marks": _("The file name contains invisible or direction characters."),
    "name_path": _("The file name contains a path or a reserved character."),
    "name_long": _("The file name is longer than %(high)s characters."),
    "name_double_extension": _("The file name has two extensions."),
    "type_not_allowed": _("Files of type %(extension)s are not accepted. Accepted: %(allowed)s."),
    "empty": _("The file is empty."),
    "content_differs": _("The content does not match the file extension."),
    "damaged": _("The file is damaged or incomplete."),
    "encrypted": _("The file is encrypted or protected by a password and cannot be reviewed."),
    "encrypted_or_old": _(
        "The file is protected by a password or in an old format: save it without a password in a current format."
    ),
    "macros": _("The file contains macros."),
    "active_content": _("The file contains scripts or starts programs."),
    "package_program": _("The file contains programs or web pages."),
    "package_nested": _("The file contains another archive."),
    "package_path": _("The file contains names that point outside it."),
    "package_entities": _("The file contains document type declarations."),
    "bomb_size": _("Unpacked, the file is larger than %(high)s MB."),
    "bomb_ratio": _("The file is compressed more than %(high)s times."),
    "bomb_entries": _("The file contains more than %(high)s parts."),
    "image_sides": _("The picture has no size, or a side is longer than %(high)s pixels."),
}


def file_store(*, upload: UploadedFile | File, by: Person, field: str = FIELD) -> StoredFile:
    """Check and keep one upload; the caller asks the subject's policy and attaches the row in the same transaction.

    BadInput or TooLarge name `field`. The bytes are stored before the row, under their hash: a rollback leaves at
    most an unnamed copy behind, never a row without bytes. Equal content is kept once.
    """
    require(by, "create", StoredFile)
    limits = parameters.values(CODES)
    largest = limits["attachment.max_bytes"].value
    if (upload.size or 0) > largest:
        raise TooLarge(too_large_text(largest), field=field)
    try:
        name, extension = checked_name(upload.name or "", allowed=limits["attachment.types"].value)
        source = cast(BinaryIO, upload.file)
        content_type = check_content(source, extension, _limits(limits))
    except FileRefused as refusal:
        raise BadInput(_sentence(refusal), field=field, code=f"file_{refusal.code}") from refusal
    sha256, size = _digest(source)
    with transaction.atomic():
        stored = StoredFile.objects.create(
            sha256=sha256,
            size=size,
            name=name,
            content_type=content_type,
            storage_name=_keep(source, sha256),
            uploaded_by=by,
            created_at=clock.now(),
        )
        record("file.stored", subject=stored, by=by, data={"sha256": sha256, "size": size, "name": name})
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


def _sentence(refusal: FileRefused) -> str:
    figures = {key: ", ".join(item) if isinstance(item, list) else item for key, item in refusal.figures.items()}
    text = str(SENTENCES[refusal.code])
    return text % figures if figures else text


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
