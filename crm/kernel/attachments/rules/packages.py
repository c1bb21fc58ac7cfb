"""Zipped documents (docx, xlsx, pptx, ofd): bombs, passwords and traps by the directory, then part by part."""

import codecs
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from crm.kernel.attachments.rules.office import check_part
from crm.kernel.attachments.rules.refusal import FileRefused
from crm.kernel.attachments.rules.text import check_signature

MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml", "ofd": "OFD.xml"}
OFFICE = ("docx", "xlsx", "pptx")
NESTED_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar", ".bz2", ".xz", ".cab", ".jar", ".ofd")
MACRO_PARTS = re.compile(
    r"vbaproject\.bin|vbadata\.xml|(^|/)macrosheets/|(^|/)activex/|(^|/)dialogsheets/", re.IGNORECASE
)
PROGRAMS = re.compile(
    r"\.(exe|dll|scr|com|bat|cmd|js|vbs|ps1|hta|html?|mht|mhtml|rtf|lnk|msi|sh|php|docm|xlsm|pptm|xlsb)$", re.I
)
XML_PROLOG = 4096
# Cells and their texts: as long as all other parts together, and nothing in them loads or runs by itself.
CELLS = re.compile(r"xl/(worksheets/[^/]+\.xml|sharedstrings\.xml)")
OLE = b"\xd0\xcf\x11\xe0"
PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!/")
# Comments and instructions, also where they go on beyond what was read: what they quote is no root element.
BEFORE_ROOT = re.compile(rb"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
RATIO_FROM = 10 * 1024 * 1024
EMBEDDED_AT_MOST = 20 * 1024 * 1024


@dataclass
class Budget:
    """What one upload may unfold to, nested documents included; `spent` counts as it goes."""

    unpacked: int
    ratio: int
    entries: int
    spent: int = field(default=0)
    seen: int = field(default=0)


def check_package(file: BinaryIO, kind: str, budget: Budget, *, depth: int = 0) -> None:
    """Refuse (FileRefused) unless `file` is a sound, open package of `kind` within the budget."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        # An Office file with a password is an OLE container, not a package: say so instead of "wrong content".
        file.seek(0)
        raise FileRefused("encrypted_or_old" if file.read(4) == OLE else "content_differs", kind=kind)
    try:
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
            _check_directory(entries, budget, package.start_dir)
            names = {entry.filename for entry in entries}
            if MAIN_PART[kind] not in names or (kind in OFFICE and "[Content_Types].xml" not in names):
                raise FileRefused("content_differs", kind=kind)
            for entry in entries:
                _check_entry(package, entry, kind, budget, depth)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused("damaged") from error


def _check_directory(entries: list[zipfile.ZipInfo], budget: Budget, directory_at: int) -> None:
    """Counts, declared sizes, overlaps, repeated and climbing names: all before a byte is unpacked."""
    budget.seen += len(entries)
    budget.spent += sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    declared = sum(entry.file_size for entry in entries)
    if budget.seen > budget.entries:
        raise FileRefused("bomb_entries", high=budget.entries)
    if budget.spent > budget.unpacked:
        raise FileRefused("bomb_size", high=budget.unpacked // 1024 // 1024)
    if declared > RATIO_FROM and declared > packed * budget.ratio:
        raise FileRefused("bomb_ratio", high=budget.ratio)
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise FileRefused("damaged")
    at = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        # Several entries over the same bytes: how ten megabytes become petabytes.
        if entry.header_offset < at or entry.header_offset + 30 + entry.compress_size > directory_at:
            raise FileRefused("damaged")
        at = entry.header_offset + 30 + entry.compress_size
        if entry.filename.startswith(("/", "\\")) or "\\" in entry.filename or ".." in entry.filename.split("/"):
            raise FileRefused("package_path")
        if entry.flag_bits & 0x41:
            raise FileRefused("encrypted")


def _check_entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo, kind: str, budget: Budget, depth: int) -> None:
    name = entry.filename.lower()
    if MACRO_PARTS.search(name):
        raise FileRefused("macros", found=entry.filename)
    if PROGRAMS.search(name):
        raise FileRefused("package_program", found=entry.filename)
    if name.endswith(NESTED_ARCHIVES):
        raise FileRefused("package_nested", found=entry.filename)
    if name.endswith(tuple(f".{kind}" for kind in OFFICE)):
        # A chart brings its own little workbook along: one level of that is ordinary.
        if depth or entry.file_size > EMBEDDED_AT_MOST:
            raise FileRefused("package_nested", found=entry.filename)
        check_package(BytesIO(package.read(entry)), name.rsplit(".", 1)[1], budget, depth=depth + 1)
        return
    with package.open(entry) as part:
        if not name.endswith((".xml", ".rels", ".vml", ".svg")):
            _check_start(part.read(128), entry.filename)
        elif kind == "ofd" or (kind == "xlsx" and CELLS.fullmatch(name)):
            _check_prolog(part.read(XML_PROLOG))
        else:
            check_part(part, name)


def _check_start(head: bytes, name: str) -> None:
    """Whatever a part is called: no foreign object, no program, no archive."""
    if head.startswith(OLE):
        raise FileRefused("office_object", found=name)
    if head.startswith(PROGRAM_STARTS):
        raise FileRefused("package_program", found=name)
    if head.startswith(b"PK\x03\x04"):
        raise FileRefused("package_nested", found=name)
    check_signature(head)


def _check_prolog(head: bytes) -> None:
    """No document type, hence no entities: it could only stand before the root element, which must begin here."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", errors="ignore").encode()
    if b"\x00" in head or b"<!doctype" in head.lower() or b"<!entity" in head.lower():
        raise FileRefused("package_entities")
    if head.strip() and not re.search(rb"<[A-Za-z_]", BEFORE_ROOT.sub(b"", head)):
        raise FileRefused("package_entities")
