"""Is the content what the extension says? Told from the bytes; nothing is decoded, drawn or executed.

A PDF is read as it lies there: what it keeps in compressed object streams (`/ObjStm`) is not looked into.
"""

import codecs
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from crm.kernel.attachments.rules.packages import MAIN_PART, Budget, check_package
from crm.kernel.attachments.rules.refusal import FileRefused

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ofd": "application/ofd",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
CHUNK = 1024 * 1024
TAIL = 66_000
ZIP_END = b"PK\x05\x06"
# What writes pictures and PDFs stays far below; more is padding that only costs time.
FILL_AT_MOST = 64
CHUNKS_AT_MOST = 10_000
STREAMS_AT_MOST = 200_000
# Longer than any name of a PDF that is looked for with every letter written as #xx.
OVERLAP = 128
_MARKUP = re.compile(r"\s*<(!doctype|!--|\?xml|html|head|body|script|svg|iframe|\w+[^>]*\son\w+=)", re.IGNORECASE)
# Tab, line feed, form feed and carriage return are text; every other control character is not.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


def _names(*names: str) -> bytes:
    """A pattern for these names of a PDF, in which any letter may be written as #xx (ISO 32000-1, 7.3.5)."""
    spelled = ("".join(f"(?:{mark}|(?i:#{ord(mark):02x}))" for mark in name) for name in names)
    return f"/(?:{'|'.join(spelled)})(?=[^A-Za-z0-9_#.-])".encode()


_PDF_LOCKED = re.compile(_names("Encrypt"))
_PDF_ACTIVE = re.compile(
    _names("JavaScript", "Launch", "RichMedia", "SubmitForm", "ImportData", "EmbeddedFile", "EmbeddedFiles")
)
# Two letters turn up by chance in the body of any large picture: they are looked for outside of streams.
_PDF_SHORT = re.compile(_names("JS", "AA"))
_PDF_STREAM = re.compile(rb"stream\r?\n")
_PDF_STREAM_ENDS = b"endstream"


@dataclass(frozen=True)
class Limits:
    """The parameters of the check."""

    unpacked: int
    ratio: int
    entries: int
    image_side: int


def check_content(file: BinaryIO, extension: str, limits: Limits) -> str:
    """The content type to store for a file of this extension; FileRefused when the bytes say otherwise."""
    file.seek(0, 2)
    if not file.tell():
        raise FileRefused("empty")
    file.seek(0)
    if extension in MAIN_PART:
        check_package(file, extension, Budget(limits.unpacked, limits.ratio, limits.entries))
    else:
        _PLAIN[extension](file, limits)
    file.seek(0)
    return CONTENT_TYPES[extension]


def _check_pdf(file: BinaryIO, limits: Limits) -> None:
    if file.read(5) != b"%PDF-":
        raise FileRefused("content_differs", kind="pdf")
    tail = _tail(file)
    if b"%%EOF" not in tail[-2048:]:
        raise FileRefused("damaged")
    if ZIP_END in tail:
        raise FileRefused("content_differs", kind="pdf")
    outside = _OutsideStreams()
    for start, piece in _overlapping(file, OVERLAP):
        if _PDF_LOCKED.search(piece):
            raise FileRefused("encrypted")
        if _PDF_ACTIVE.search(piece):
            raise FileRefused("active_content")
        outside.check(piece, start)


@dataclass
class _OutsideStreams:
    """Looks for the short names piece by piece: `seen` bytes of the file are done, `inside` a stream or not."""

    inside: bool = False
    seen: int = 0
    streams: int = 0

    def check(self, piece: bytes, start: int) -> None:
        """Look through the piece that begins at `start`; FileRefused for a name or too many streams."""
        at = max(0, self.seen - start)
        while True:
            if self.inside:
                ends = piece.find(_PDF_STREAM_ENDS, at)
                if ends < 0:
                    break
                at, self.inside = ends + len(_PDF_STREAM_ENDS), False
            opens = _PDF_STREAM.search(piece, at)
            if _PDF_SHORT.search(piece, at, opens.start() if opens else len(piece)):
                raise FileRefused("active_content")
            if opens is None:
                break
            self.streams += 1
            if self.streams > STREAMS_AT_MOST:
                raise FileRefused("damaged")
            # Only a dictionary has a stream: the word alone, in a text, opens nothing.
            before = piece[max(0, opens.start() - 10) : opens.start()].rstrip(b"\0\t\n\f\r ")
            at, self.inside = opens.end(), before.endswith(b">>")
        self.seen = start + at


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
    if file.read(1):
        # Whatever follows the picture is not the picture.
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


def _check_text(file: BinaryIO, limits: Limits) -> None:
    """UTF-8 (with or without mark) or GB18030; no control characters; no page in disguise."""
    last: Exception | None = None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            for index, text in enumerate(_decoded(file, encoding)):
                if _CONTROLS.search(text) or (index == 0 and _MARKUP.match(text)):
                    raise FileRefused("content_differs", kind="txt")
            return
        except UnicodeDecodeError as error:
            last = error
    raise FileRefused("content_differs", kind="txt") from last


def _check_sides(width: int, height: int, limits: Limits) -> None:
    if not (0 < width <= limits.image_side and 0 < height <= limits.image_side):
        raise FileRefused("image_sides", high=limits.image_side)


def _tail(file: BinaryIO) -> bytes:
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL))
    return file.read()


def _overlapping(file: BinaryIO, overlap: int) -> Iterator[tuple[int, bytes]]:
    """The whole file in pieces that share `overlap` bytes, so that no word falls between two, and where each begins."""
    file.seek(0)
    at, rest = 0, b""
    while piece := file.read(CHUNK):
        yield at - len(rest), rest + piece
        at += len(piece)
        rest = piece[-overlap:]


def _decoded(file: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    while piece := file.read(CHUNK):
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


_PLAIN: dict[str, Callable[[BinaryIO, Limits], None]] = {
    "pdf": _check_pdf,
    "png": _check_png,
    "jpg": _check_jpeg,
    "jpeg": _check_jpeg,
    "txt": _check_text,
    "csv": _check_text,
}
