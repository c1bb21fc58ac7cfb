"""Files for tests, good and bad, made from bytes: nothing is downloaded and nothing binary is committed."""

import struct
import zipfile
import zlib
from io import BytesIO

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/x" ContentType="application/xml"/></Types>'
)
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def package(kind: str = "docx", *, extra: dict[str, bytes] | None = None, types: str = CONTENT_TYPES) -> bytes:
    """A minimal Office package of `kind` with `extra` parts."""
    parts = {"[Content_Types].xml": types.encode(), MAIN[kind]: b'<?xml version="1.0"?><root/>'} | (extra or {})
    return zipped(parts)


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of `parts`."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def encrypted_package() -> bytes:
    """A package whose entries carry the encryption flag."""
    body = bytearray(package())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := body.find(signature, at + 1)) >= 0:
            body[at + offset] |= 1
    return bytes(body)


def pdf(extra: bytes = b"") -> bytes:
    """A small PDF."""
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n" + extra + b"\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def png(width: int = 2, height: int = 2, *, chunks: int = 0, after: bytes = b"") -> bytes:
    """A picture that says it has these sides, with so many empty chunks besides its own three."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", b"") * chunks
        + chunk(b"IDAT", zlib.compress(b"\0" * 6))
        + chunk(b"IEND", b"")
        + after
    )


def jpeg(width: int = 2, height: int = 2, *, fill: int = 0, segments: int = 0, after: bytes = b"") -> bytes:
    """The markers of a picture; `fill` bytes of 0xFF and so many empty segments stand before its frame."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + b"\xff\xe1\x00\x02" * segments
        + b"\xff" * fill
        + b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame
        + b"\xff\xda\x00\x08\x01\x01\x00\x00?\x00\x12\xff\xd9" + after
    )  # fmt: skip


def bomb(megabytes: int = 400) -> bytes:
    """A package that unfolds to `megabytes`, written piece by piece."""
    out = BytesIO(package())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/media/big.bin", "w") as part:
        for _megabyte in range(megabytes):
            part.write(b"\0" * 1024 * 1024)
    return out.getvalue()


def overlapping() -> bytes:
    """Two entries of the directory over the same bytes."""
    body = bytearray(package(extra={"word/a.xml": b"<a/>", "word/b.xml": b"<a/>"}))
    first = body.rfind(b"PK\x01\x02", 0, body.rfind(b"PK\x01\x02"))
    last = body.rfind(b"PK\x01\x02")
    body[last + 42 : last + 46] = body[first + 42 : first + 46]
    return bytes(body)
