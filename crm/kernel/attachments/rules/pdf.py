"""PDF by its structure (pikepdf, which is qpdf): actions, scripts and attached files, in compressed objects too.

What a page says is text and never looked at. Plain links to an address or to another file are ordinary; what runs
without a click, starts a program, carries a script or sends data is refused, and the refusal names it.
Names and places: ISO 32000-1, 7.11 (attached files), 12.6 (actions), 12.7.8 (XFA).
"""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, BinaryIO

import pikepdf

from crm.kernel.attachments.rules.names import PROGRAMS, extension_of
from crm.kernel.attachments.rules.refusal import FileRefused

CheckAttached = Callable[[BinaryIO, str], object]
# One decoded stream: object streams of real documents stay far below, and attached files are small.
DECODED_AT_MOST = 32 * 1024 * 1024
OBJECTS_AT_MOST = 300_000
DEPTH_AT_MOST = 200
ATTACHED_AT_MOST = 50
# A byte-order mark and blanks before the header, zeros after the end: harmless leftovers of other programs.
_BEFORE_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[\s\0]*%PDF-")
_ALLOWED_ATTACHED = {"xml", "xbrl", "txt", "csv", "json", "pdf", "ofd", "docx", "xlsx", "pptx", "png", "jpg", "jpeg"}
# What may happen without a click: go to a page, show or hide a layer, turn a page.
_HARMLESS_UNASKED = {"/GoTo", "/Named", "/SetOCGState", "/Hide", "/GoTo3DView", "/Trans", "/Thread"}
_REFUSED_ACTIONS = {
    "/JavaScript": "pdf_javascript",
    "/Launch": "pdf_launch",
    "/SubmitForm": "pdf_sends_data",
    "/ImportData": "pdf_sends_data",
    "/GoToE": "pdf_opens_file",
    "/RichMediaExecute": "pdf_media",
}
_OPENS = {"/URI": "pdf_opens_address", "/GoToR": "pdf_opens_file", "/GoToE": "pdf_opens_file"}
# A first look at an object in qpdf's own spelling (every #xx undone); what it finds is then judged exactly.
_WORTH_A_LOOK = re.compile(
    rb"/(?:JS|AA|OpenAction|JavaScript|Launch|SubmitForm|ImportData|GoToE|RichMedia|RichMediaExecute|EF|XFA)"
    rb"(?=[^A-Za-z0-9_#.-]|$)"
)
# qpdf goes on where it could not read an object and takes it for nothing; nobody has judged that object then.
_UNREAD_FOR_COST = re.compile(r"bad_alloc|limit", re.IGNORECASE)
_UNREAD = re.compile(r"as null because|error decoding|unfilterable", re.IGNORECASE)


def check_pdf(file: BinaryIO, check_attached: CheckAttached) -> None:
    """Refuse (FileRefused) unless `file` is a sound, open PDF without active content.

    `check_attached(file, extension)` judges a file that the PDF carries.
    """
    file.seek(0)
    if not _BEFORE_HEADER.match(file.read(64)):
        raise FileRefused("content_differs", kind="pdf")
    file.seek(0)
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=DECODED_AT_MOST,
        png_max_memory=DECODED_AT_MOST,
        run_length_max_memory=DECODED_AT_MOST,
        tiff_max_memory=DECODED_AT_MOST,
        parser_max_container_size=1_000_000,
        doc_max_warnings=1000,
    )
    try:
        with pikepdf.open(file, access_mode=pikepdf.AccessMode.stream, suppress_warnings=True) as pdf:
            _check_document(pdf, check_attached)
    except pikepdf.PasswordError as error:
        raise FileRefused("encrypted") from error
    except FileRefused:
        raise
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, NotImplementedError, RecursionError) as error:
        raise FileRefused("damaged") from error


def _check_document(pdf: pikepdf.Pdf, check_attached: CheckAttached) -> None:
    if not isinstance(pdf.Root.get("/Pages"), pikepdf.Dictionary) or not len(pdf.pages):
        raise FileRefused("damaged")
    attached = 0
    for number, item in enumerate(pdf.objects):
        if number >= OBJECTS_AT_MOST:
            raise FileRefused("too_costly")
        held = item.stream_dict if isinstance(item, pikepdf.Stream) else item
        if not isinstance(held, (pikepdf.Dictionary, pikepdf.Array)):
            continue
        if not _WORTH_A_LOOK.search(held.unparse(resolved=True)):
            continue
        for found in _dictionaries(held):
            _check_dictionary(found)
            if isinstance(found.get("/EF"), pikepdf.Dictionary):
                attached += 1
                if attached > ATTACHED_AT_MOST:
                    raise FileRefused("too_costly")
                _check_attached(found, check_attached)
    warnings = "\n".join(map(str, pdf.get_warnings()))
    if _UNREAD_FOR_COST.search(warnings):
        raise FileRefused("too_costly")
    if _UNREAD.search(warnings):
        raise FileRefused("damaged")


def _dictionaries(item: Any, depth: int = 0) -> Iterator[pikepdf.Dictionary]:
    """The dictionaries written inside one object; what it only refers to is an object of its own."""
    if depth > DEPTH_AT_MOST:
        raise FileRefused("damaged")
    if isinstance(item, pikepdf.Dictionary):
        yield item
        children = [item[key] for key in item.keys()]  # noqa: SIM118  keys() of pikepdf is no mapping's
    else:
        children = list(item)
    for child in children:
        if isinstance(child, (pikepdf.Dictionary, pikepdf.Array)) and not child.is_indirect:
            yield from _dictionaries(child, depth + 1)


def _check_dictionary(found: pikepdf.Dictionary) -> None:
    if "/JS" in found:
        raise FileRefused("pdf_javascript")
    kind = _name(found.get("/S"))
    if code := _REFUSED_ACTIONS.get(kind):
        raise FileRefused(code, found=_target(found) or kind)
    if _name(found.get("/Subtype")) == "/RichMedia":
        raise FileRefused("pdf_media")
    _check_unasked(found.get("/OpenAction"))
    additional = found.get("/AA")
    if isinstance(additional, pikepdf.Dictionary):
        for key in additional.keys():  # noqa: SIM118
            _check_unasked(additional[key])
    if "/XFA" in found:
        _check_form(found["/XFA"])


def _check_unasked(action: Any) -> None:
    """An action that runs without a click, and those that follow it."""
    waiting, seen = [action], 0
    while waiting:
        action, seen = waiting.pop(), seen + 1
        if seen > DEPTH_AT_MOST:
            raise FileRefused("damaged")
        if isinstance(action, pikepdf.Array):
            # A destination is an array too, of numbers and names.
            waiting += [item for item in action if isinstance(item, pikepdf.Dictionary) and "/S" in item]
            continue
        if not isinstance(action, pikepdf.Dictionary):
            continue
        kind = _name(action.get("/S"))
        if kind and kind not in _HARMLESS_UNASKED:
            raise FileRefused(_OPENS.get(kind) or _REFUSED_ACTIONS.get(kind, "pdf_acts"), found=_target(action) or kind)
        if "/Next" in action:
            waiting.append(action["/Next"])


def _check_form(form: Any) -> None:
    """An XFA form is XML in one stream or several; one with scripts is a program."""
    pieces = form if isinstance(form, pikepdf.Array) else [form]
    if any(b"<script" in item.read_bytes().lower() for item in pieces if isinstance(item, pikepdf.Stream)):
        raise FileRefused("pdf_javascript")


def _check_attached(spec: pikepdf.Dictionary, check_attached: CheckAttached) -> None:
    """One attached file: a data file of a known kind, as an e-invoice carries it."""
    names = [str(spec[key]) for key in ("/UF", "/F") if isinstance(spec.get(key), pikepdf.String)]
    shown = (names or ["?"])[0]
    extensions = {extension_of(name) for name in names}
    if not extensions <= _ALLOWED_ATTACHED or any(part in PROGRAMS for name in names for part in name.split(".")):
        raise FileRefused("pdf_attachment", found=shown)
    embedded = spec["/EF"]
    for key in embedded.keys():  # noqa: SIM118
        if isinstance(embedded[key], pikepdf.Stream):
            try:
                check_attached(BytesIO(embedded[key].read_bytes()), extensions.pop() if extensions else "txt")
            except FileRefused as refusal:
                raise FileRefused("pdf_attachment", found=shown) from refusal


def _name(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _target(action: pikepdf.Dictionary) -> str:
    """Where an action leads: an address or a file."""
    for key in ("/URI", "/F", "/Win"):
        value = action.get(key)
        if isinstance(value, pikepdf.Dictionary):
            value = value.get("/UF", value.get("/F"))
        if isinstance(value, pikepdf.String):
            return str(value)
    return ""
