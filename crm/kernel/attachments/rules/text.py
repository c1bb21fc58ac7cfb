"""Plain text and CSV: which encoding it is, and that it is text."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from crm.kernel.attachments.rules.refusal import FileRefused

CHUNK = 1024 * 1024
# A formula that starts a program (DDE) is written within one cell.
OVERLAP = 400
_MARKUP = re.compile(r"\s*<(!doctype|!--|\?xml|html|head|body|script|svg|iframe|\w+[^>]*\son\w+=)", re.IGNORECASE)
# Tab, line feed, form feed and carriage return are text; every other control character is not.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
# `=cmd|'/C calc'!A0`: a cell that calls another program by its name, a topic and an item.
_DDE = re.compile(r"""(?:^|[,;\t"'\n\r])[^\S\t\n\r]*[=+@-][^\n\r,;\t|]{0,100}[\w.)]\s*\|[^\n\r|]{0,255}?!""")
# The harmless text by which virus scanners are tried; written in two halves, or scanners would find this file.
_SCANNER_TEST = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def check_text(file: BinaryIO, *, cells: bool) -> str:
    """The charset of a text: utf-8, utf-16 (by its mark) or gb18030. FileRefused for anything that is no text.

    Zeros after the end are passed over. `cells`: a CSV, in which a formula must not start a program.
    """
    file.seek(0)
    head = file.read(128)
    check_signature(head)
    marked = next((codec for mark, codec in _MARKS if head.startswith(mark)), "")
    last: Exception | None = None
    for codec in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            _check_decoded(file, codec, cells=cells)
        except UnicodeDecodeError as error:
            last = error
        else:
            return "utf-8" if codec == "utf-8-sig" else codec
    raise FileRefused("content_differs", kind="txt") from last


def check_signature(head: bytes) -> None:
    """Refuse the text by which scanners are tried; a virus scanner proper belongs before or behind the store."""
    if head.startswith(_SCANNER_TEST):
        raise FileRefused("malware_test")


def _check_decoded(file: BinaryIO, codec: str, *, cells: bool) -> None:
    rest, ended = "", False
    for index, piece in enumerate(_decoded(file, codec)):
        text = piece.rstrip("\0")
        if ended and text:
            raise FileRefused("content_differs", kind="txt")
        ended = ended or len(text) < len(piece)
        if _CONTROLS.search(text) or (index == 0 and _MARKUP.match(text)):
            raise FileRefused("content_differs", kind="txt")
        if cells and (found := _DDE.search(rest + text)):
            raise FileRefused("office_dde", found=found.group().strip())
        rest = text[-OVERLAP:]


def _decoded(file: BinaryIO, codec: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)()
    file.seek(0)
    while piece := file.read(CHUNK):
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)
