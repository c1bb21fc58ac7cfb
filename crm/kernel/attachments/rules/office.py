"""Office documents by their structure: relationships, fields and content types of an opened package (ECMA-376).

What a page says is text and never looked at. Links that a reader clicks are ordinary; what loads from outside when the
document opens, starts programs or carries foreign objects is refused, and the refusal names it.
"""

import re
from typing import IO
from xml.sax import ContentHandler, SAXException
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from crm.kernel.attachments.rules.refusal import FileRefused

# The last word of a relationship's type, whatever the edition of the standard, and the rule it breaks.
_REFUSED_RELATIONS = {
    "attachedTemplate": "office_template",
    "aFChunk": "office_chunk",
    "oleObject": "office_object",
    "control": "macros",
    "activeXControlBinary": "macros",
    "vbaProject": "macros",
    "wordVbaData": "macros",
    "xlMacrosheet": "macros",
    "xlIntlMacrosheet": "macros",
    "webextension": "office_external",
    "webextensiontaskpanes": "office_external",
}
# A template beside the document itself, and one of the machine it was written on by name only, load nothing.
_LINK = re.compile(r"(https?|mailto|tel):|#|[^:\\/]+$", re.IGNORECASE)
_CODE_TYPES = re.compile(r"macroenabled|vbaproject|activex|macrosheet", re.IGNORECASE)
# Fields that load or run when a document is opened or its fields are brought up to date (ECMA-376 part 1, 17.16.5).
_FIELDS = {
    "DDE": "office_dde",
    "DDEAUTO": "office_dde",
    "LINK": "office_object",
    "INCLUDETEXT": "office_external",
    "INCLUDEPICTURE": "office_external",
    "IMPORT": "office_external",
    "INCLUDE": "office_external",
    "DATABASE": "office_external",
}
_FIELD = re.compile(r'(?:^|[\s{}"\x13])(' + "|".join(sorted(_FIELDS, key=len, reverse=True)) + r')(?=[\s"\\]|$)', re.I)
_INSTRUCTION_AT_MOST = 100_000
_ELEMENTS = {
    "altChunk": "office_chunk",
    "ddeLink": "office_dde",
    "oleLink": "office_object",
    "OLEObject": "office_object",
    "webPr": "office_external",
}
# Scripts in a picture of lines (SVG) are never run by Office, but by whatever else opens the picture.
_PICTURE_CODE = {"script", "foreignObject", "handler", "iframe", "embed", "object"}


def check_part(part: IO[bytes], name: str) -> None:
    """Refuse (FileRefused) an XML part with a document type, or with content of the kinds above."""
    handler = _Picture() if name.endswith(".svg") else _Relations() if name.endswith(".rels") else _Content()
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(handler)
    try:
        parser.parse(part)
    except DefusedXmlException as error:
        raise FileRefused("package_entities") from error
    except SAXException as error:
        # Drawings in the old notation (VML) are HTML-like, and whoever wrote them seldom closed every mark.
        if not name.endswith(".vml"):
            raise FileRefused("damaged") from error


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


def _attributes(given: AttributesImpl) -> dict[str, str]:
    return {_local(name): value for name, value in given.items()}


class _Relations(ContentHandler):
    """What a part refers to."""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """One relationship: its kind, and where it leads."""
        if _local(name) != "Relationship":
            return
        found = _attributes(attrs)
        kind, target = found.get("Type", "").rstrip("/").rsplit("/", 1)[-1], found.get("Target", "")
        outside = found.get("TargetMode", "").strip().lower() == "external"
        code = _REFUSED_RELATIONS.get(kind)
        if code:
            raise FileRefused(code, found=target)
        if outside and not (kind == "hyperlink" and _LINK.match(target)):
            raise FileRefused("office_external", found=target)


class _Content(ContentHandler):
    """Fields, foreign objects and content types of one part."""

    def __init__(self) -> None:
        super().__init__()
        self.instruction, self.inside = "", False

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """Elements that are refused by themselves, and the beginning of a field."""
        local = _local(name)
        if code := _ELEMENTS.get(local):
            raise FileRefused(code, found=local)
        if local == "instrText":
            self.inside = True
        elif local == "fldSimple":
            _check_field(_attributes(attrs).get("instr", ""))
        elif local == "fldChar" and _attributes(attrs).get("fldCharType") in ("separate", "end"):
            _check_field(self.instruction)
            self.instruction = ""
        elif local in ("Override", "Default"):
            declared = _attributes(attrs)
            if local == "Override" and _CODE_TYPES.search(declared.get("ContentType", "")):
                raise FileRefused("macros", found=declared["ContentType"])
        elif local.startswith("hlink"):
            _check_action(_attributes(attrs).get("action", ""))

    def characters(self, content: str) -> None:
        """A field's instruction may be spread over many runs."""
        if self.inside:
            self.instruction += content
            if len(self.instruction) > _INSTRUCTION_AT_MOST:
                raise FileRefused("too_costly")

    def endElement(self, name: str) -> None:
        """The end of a run's part of an instruction."""
        if _local(name) == "instrText":
            self.inside = False

    def endDocument(self) -> None:
        """A field that nobody ended is brought up to date all the same."""
        _check_field(self.instruction)


class _Picture(ContentHandler):
    """A picture of lines: shapes only."""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """Refuse scripts and what loads from elsewhere."""
        local = _local(name)
        if local in _PICTURE_CODE:
            raise FileRefused("picture_script", found=local)
        for attribute, value in _attributes(attrs).items():
            if attribute.lower().startswith("on") or value.strip().lower().startswith(("javascript:", "data:text")):
                raise FileRefused("picture_script", found=attribute)
            if attribute == "href" and not value.strip().startswith(("#", "data:image/")) and local != "a":
                raise FileRefused("office_external", found=value)


def _check_field(instruction: str) -> None:
    if found := _FIELD.search(instruction):
        raise FileRefused(_FIELDS[found.group(1).upper()], found=found.group(1))


def _check_action(action: str) -> None:
    """What a click or a glance in a presentation does: go to a slide or an address, never run something."""
    if re.match(r"ppaction://(program|macro|ole)", action.strip(), re.IGNORECASE):
        raise FileRefused("macros" if "macro" in action.lower() else "office_external", found=action)
