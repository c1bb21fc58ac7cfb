"""Files for tests, good and bad, made from bytes: nothing is downloaded and nothing binary is committed."""

import random
import struct
import zipfile
import zlib
from io import BytesIO

import pikepdf

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


def pdf(
    *objects: bytes, catalog: bytes = b"", page: bytes = b"", text: bytes = b"BT ET", between: bytes = b""
) -> bytes:
    """A PDF of one page with a true table of its objects; `objects` are numbered from 5.

    `catalog` and `page` go into those dictionaries, `text` is the page's content, `between` lies outside all objects.
    """
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R" + page + b">>",
        stream(text),
        *objects,
    ]
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    out += between
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(out))
    return out + head + table + end


def heavy_pdf() -> bytes:
    """A PDF of 40 MB that wants gigabytes of whoever reads all its objects: twenty arrays of a million numbers."""
    return pdf(*[b"[" + b"0 " * 999_999 + b"]"] * 20)


def unfolding_pdf() -> bytes:
    """A PDF of 40 kB that keeps a script in a compressed object stream of 40 MB, beyond what is unpacked of one."""
    others = b"/X[%b]" % b" ".join(b"%d 0 R" % number for number in range(5, 107))
    script = (b"(%b)" % (b" " * 40_000_000), b"<</S/JavaScript/JS(1)>>")
    return compressed(pdf(*[b"<</A 1>>"] * 100, *script, catalog=others))


def stream(body: bytes, entries: bytes = b"") -> bytes:
    """A stream object, as it lies in a file."""
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(body), entries, body)


def attached(name: str, body: bytes) -> bytes:
    """A PDF that carries one file, as an e-invoice carries its data."""
    spelled = "\ufeff".encode("utf-16-be") + name.encode("utf-16-be")
    spec = b"<</Type/Filespec/F(a)/UF<%b>/EF<</F 6 0 R>>>>" % spelled.hex().encode()
    packed = zlib.compress(body)
    names = b"/Names<</EmbeddedFiles<</Names[(a) 5 0 R]>>>>"
    return pdf(spec.replace(b"/F(a)", b""), stream(packed, b"/Type/EmbeddedFile/Filter/FlateDecode"), catalog=names)


def compressed(body: bytes) -> bytes:
    """The same PDF with its objects in compressed object streams."""
    out = BytesIO()
    with pikepdf.open(BytesIO(body)) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def locked(user: str, owner: str) -> bytes:
    """A PDF with a password to open it, or (`user` empty) only one to change it."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(user=user, owner=owner))
    return out.getvalue()


def relations(*rows: tuple[str, str, str], part: str = "word/document.xml") -> dict[str, bytes]:
    """The relationships of a part: kind, target, mode."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    body = "".join(
        f'<Relationship Id="r{number}" Type="{kinds}{kind}" Target="{target}"'
        + (f' TargetMode="{mode}"/>' if mode else "/>")
        for number, (kind, target, mode) in enumerate(rows)
    )
    folder, name = part.rsplit("/", 1)
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    text = f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{space}">{body}</Relationships>'
    return {f"{folder}/_rels/{name}.rels": text.encode()}


def words(*runs: str) -> bytes:
    """A Word document's main part with these runs in one paragraph."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:r>{run}</w:r>" for run in runs)
    return f'<w:document xmlns:w="{space}"><w:body><w:p>{body}</w:p></w:body></w:document>'.encode()


def field(*pieces: str) -> bytes:
    """A document with one field whose instruction lies in these pieces."""
    inside = [f"<w:instrText>{piece}</w:instrText>" for piece in pieces]
    return words('<w:fldChar w:fldCharType="begin"/>', *inside, '<w:fldChar w:fldCharType="end"/>')


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


def long_part(kind: str, name: str, head: bytes, piece: bytes, tail: bytes, megabytes: int) -> bytes:
    """A package one of whose parts has `megabytes` of `piece`, packed below the ratio that is refused."""
    out = BytesIO()
    filler = random.Random(39).randbytes(megabytes * 8 * 1024)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr(f"{kind}/media/filler.bin", filler)
        if name != MAIN["docx" if kind == "word" else "xlsx"]:
            archive.writestr(MAIN["xlsx"], "<root/>")
        with archive.open(name, "w") as part:
            part.write(head)
            for _megabyte in range(megabytes):
                part.write(piece * (1024 * 1024 // len(piece)))
            part.write(tail)
    return out.getvalue()


def long_document(megabytes: int) -> bytes:
    """A Word document of one long text."""
    return long_part("word", MAIN["docx"], b"<d><t>", "甲".encode(), b"</t></d>", megabytes)


def long_attribute(megabytes: int) -> bytes:
    """A Word document with one long attribute."""
    return long_part("word", MAIN["docx"], b'<d a="', b"a", b'"/>', megabytes)


def long_sheet(megabytes: int) -> bytes:
    """A workbook with one long sheet."""
    row = b'<c r="A1"><v>1.25</v></c>'
    return long_part("xl", "xl/worksheets/sheet1.xml", b"<worksheet>", row, b"</worksheet>", megabytes)
