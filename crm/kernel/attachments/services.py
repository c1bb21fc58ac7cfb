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
from crm.kernel.attachments.confinement import check_confined
from crm.kernel.attachments.models import StoredFile
from crm.kernel.attachments.rules.contents import Limits
from crm.kernel.attachments.rules.names import checked_name
from crm.kernel.attachments.rules.refusal import FileRefused
from crm.kernel.attachments.rules.text import CHUNK
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
    "name_hidden_marks": _("The file name holds hidden or direction marks."),
    "name_path": _("The file name holds a path or a reserved character."),
    "name_long": _("The file name is longer than %(high)s characters."),
    "name_double_extension": _("The file name has two extensions."),
    "type_not_allowed": _("Files of type %(extension)s are not accepted. Accepted: %(allowed)s."),
    "empty": _("The file is empty."),
    "content_differs": _("The content is not what the file's extension says."),
    "damaged": _("The file is damaged or incomplete."),
    "encrypted": _("The file is encrypted or protected by a password: nobody could review it."),
    "encrypted_or_old": _("The file is protected by a password or in an old format: save it again without."),
    "macros": _("The file contains macros or controls (%(found)s). Save it without them."),
    "pdf_javascript": _("The PDF contains JavaScript."),
    "pdf_launch": _("The PDF starts a program: %(found)s."),
    "pdf_opens_address": _("The PDF opens an address by itself: %(found)s."),
    "pdf_opens_file": _("The PDF opens another file by itself: %(found)s."),
    "pdf_sends_data": _("The PDF sends or imports data: %(found)s."),
    "pdf_media": _("The PDF contains interactive media."),
    "pdf_acts": _("The PDF runs an action by itself: %(found)s."),
    "pdf_attachment": _("The PDF carries an attached file that is not accepted: %(found)s."),
    "office_template": _("The document loads a template from elsewhere: %(found)s."),
    "office_dde": _("The file contains a DDE instruction, which starts another program: %(found)s."),
    "office_object": _("The document contains an embedded or linked object (OLE): %(found)s."),
    "office_chunk": _("The document contains an inserted foreign document (altChunk): %(found)s."),
    "office_external": _("The document loads content from elsewhere: %(found)s. Break the link and save it again."),
    "picture_script": _("A picture in the document contains scripts: %(found)s."),
    "malware_test": _("The file contains the test pattern of virus scanners (EICAR)."),
    "too_costly": _("Checking the file takes too much memory or time. Split it or save it again."),
    "package_program": _("The file contains a program or a web page: %(found)s."),
    "package_nested": _("The file contains another archive: %(found)s."),
    "package_path": _("The file holds names that lead outside of it."),
    "package_entities": _("The file holds document type declarations."),
    "bomb_size": _("Unpacked, the file is larger than %(high)s MB."),
    "bomb_ratio": _("The file is packed more than %(high)s times over."),
    "bomb_entries": _("The file holds more than %(high)s parts."),
    "image_sides": _("A side of the picture is missing or longer than %(high)s pixels."),
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


def refusal_sentence(refusal: FileRefused) -> str:
    """What a refused file's sender is told."""
    figures = {key: ", ".join(item) if isinstance(item, list) else item for key, item in refusal.figures.items()}
    text = str(SENTENCES[refusal.code])
    return text % figures if figures else text


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
