"""Is the content what the extension says? Judged by structure; nothing is drawn or executed."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from crm.kernel.attachments.rules.office import check_part
from crm.kernel.attachments.rules.packages import MAIN_PART, Budget, check_package
from crm.kernel.attachments.rules.pdf import check_pdf
from crm.kernel.attachments.rules.refusal import FileRefused
from crm.kernel.attachments.rules.text import CHUNK, check_text

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ofd": "application/ofd",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain",
    "csv": "text/csv",
}
PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8": "jpg"}
TAIL = 66_000
ZIP_END = b"PK\x05\x06"
# What writes pictures stays far below; more is padding that only costs time.
FILL_AT_MOST = 64
CHUNKS_AT_MOST = 10_000


@dataclass(frozen=True)
class Limits:
    """The parameters of the check."""

    unpacked: int
    ratio: int
    entries: int
    image_side: int


def check_content(file: BinaryIO, extension: str, limits: Limits, *, depth: int = 0) -> str:
    """The content type to store for a file of this extension; FileRefused when the bytes say otherwise.

    A picture is stored under its true type whatever picture its name says; a text with its charset. `depth` counts
    how many files this one lies in.
    """
    file.seek(0, 2)
    if not file.tell():
        raise FileRefused("empty")
    file.seek(0)
    if extension in MAIN_PART:
        check_package(file, extension, Budget(limits.unpacked, limits.ratio, limits.entries), depth=depth)
    elif extension == "pdf":
        _check_pdf(file, limits, depth)
    elif extension in ("txt", "csv"):
        return f"{CONTENT_TYPES[extension]}; charset={check_text(file, cells=extension == 'csv')}"
    else:
        return _check_picture(file, extension, limits)
    return CONTENT_TYPES[extension]


def _check_pdf(file: BinaryIO, limits: Limits, depth: int) -> None:
    if depth > 1:
        raise FileRefused("package_nested", found="pdf")
    if ZIP_END in _tail(file):
        raise FileRefused("content_differs", kind="pdf")

    def check_attached(attached: BinaryIO, extension: str) -> None:
        if extension in ("xml", "xbrl"):
            check_part(attached, "attached.xml")
        else:
            known = extension if extension in CONTENT_TYPES else "txt"
            check_content(attached, known, limits, depth=depth + 1)

    check_pdf(file, check_attached)


def _check_picture(file: BinaryIO, extension: str, limits: Limits) -> str:
    head = file.read(8)
    true = next((kind for start, kind in PICTURES.items() if head.startswith(start)), "")
    if not true:
        raise FileRefused("content_differs", kind=extension)
    file.seek(0)
    (_check_png if true == "png" else _check_jpeg)(file, limits)
    return CONTENT_TYPES[true]


def _check_png(file: BinaryIO, limits: Limits) -> None:
    if file.read(8) != b"\x89PNG\r\n\x1a\n":
        raise FileRefused("content_differs", kind="png")
    first = True
    for _chunk in range(CHUNKS_AT_MOST):
        head = file.read(8)
        if len(head) < 8:
            raise FileRefused("damaged")
        length, kind = struct.unpack(">I4s", head)
        body = file.read(13) if first else b""
        if first:
            if kind != b"IHDR" or length != 13 or len(body) != 13:
                raise FileRefused("damaged")
            width, height = struct.unpack(">II", body[:8])
            _check_sides(width, height, limits)
            first = False
        file.seek(length - len(body) + 4, 1)
        if kind == b"IEND":
            break
    else:
        raise FileRefused("damaged")
    while rest := file.read(CHUNK):
        # Zeros are a leftover; anything else that follows the picture is not the picture.
        if rest.strip(b"\0"):
            raise FileRefused("content_differs", kind="png")


def _check_jpeg(file: BinaryIO, limits: Limits) -> None:
    if file.read(2) != b"\xff\xd8":
        raise FileRefused("content_differs", kind="jpg")
    for _segment in range(CHUNKS_AT_MOST):
        marker = file.read(2)
        for _fill in range(FILL_AT_MOST):
            if marker != b"\xff\xff":
                break
            marker = b"\xff" + file.read(1)
        if marker == b"\xff\xff" or len(marker) < 2 or marker[0] != 0xFF:
            raise FileRefused("damaged")
        length_bytes = file.read(2)
        if len(length_bytes) < 2 or (length := struct.unpack(">H", length_bytes)[0]) < 2:
            raise FileRefused("damaged")
        if 0xC0 <= marker[1] <= 0xCF and marker[1] not in (0xC4, 0xC8, 0xCC):
            frame = file.read(5)
            if len(frame) < 5:
                raise FileRefused("damaged")
            height, width = struct.unpack(">HH", frame[1:])
            _check_sides(width, height, limits)
            break
        file.seek(length - 2, 1)
    else:
        raise FileRefused("damaged")
    tail = _tail(file)
    if b"\xff\xd9" not in tail or ZIP_END in tail:
        raise FileRefused("damaged")


def _check_sides(width: int, height: int, limits: Limits) -> None:
    if not (0 < width <= limits.image_side and 0 < height <= limits.image_side):
        raise FileRefused("image_sides", high=limits.image_side)


def _tail(file: BinaryIO) -> bytes:
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL))
    return file.read()
