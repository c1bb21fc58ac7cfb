"""File names: what a person chose, refused when it could deceive a reader or a program."""

import re
import unicodedata
from collections.abc import Collection

from crm.kernel.attachments.rules.refusal import FileRefused

LONGEST = 120
# Inside a name these turn `invoice.exe.pdf` into a trap; at its end they are refused for not being allowed anyway.
# Extensions of documents are no trap: `报告.docx.pdf` is what printing a document makes.
PROGRAMS = frozenset(
    """
    exe com scr bat cmd msi dll sys lnk pif cpl hta js jse mjs vbs vbe wsf wsh ps1 psm1 sh bash py pl rb php
    phtml jsp asp aspx jar class apk app deb rpm iso img html htm xhtml shtml mht svg xsl swf docm dotm
    xlsm xltm xlam xlsb pptm potm ppsm ppam
    """.split()  # noqa: SIM905 - a list of fifty quoted words is no easier to read
)
# Marks that change the direction of the text, and characters that cannot be seen.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e01ef]"
)
# What an input method writes for the dot before an extension.
_WIDE_DOT = re.compile(r"[\uff0e\u3002\uff61](?=[A-Za-z0-9]{1,5}(?:[.\uff0e\u3002\uff61]|$))")


def extension_of(name: str) -> str:
    """The extension in lower case without dot, "" for none."""
    return name.rsplit(".", 1)[1].strip().lower() if "." in name else ""


def checked_name(name: str, *, allowed: Collection[str]) -> tuple[str, str]:
    """The name in NFC and its extension in lower case without dot; FileRefused with the reason.

    `allowed`: extensions in lower case. A date or a version with dots (`report.v2.pdf`, `2026.11.20.pdf`) is no
    double extension, `报告.docx.pdf` neither; `report.exe.pdf` is. A full-width dot before an extension becomes a dot.
    """
    if not name.strip() or name in (".", ".."):
        raise FileRefused("name_missing")
    if _HIDDEN.search(name) or any(unicodedata.category(mark) in ("Cc", "Cs", "Co") for mark in name):
        raise FileRefused("name_hidden_marks")
    if re.search(r'[/\\:*?"<>|]', name) or name.startswith("."):
        raise FileRefused("name_path")
    name = _WIDE_DOT.sub(".", unicodedata.normalize("NFC", name).strip())
    if len(name) > LONGEST:
        raise FileRefused("name_long", high=LONGEST)
    stem, *inner, extension = name.split(".") if "." in name else (name, "")
    extension = extension.strip().lower()
    if extension not in allowed or not stem.strip():
        raise FileRefused("type_not_allowed", extension=extension or name, allowed=sorted(allowed))
    if any(part.strip().lower() in PROGRAMS for part in inner):
        raise FileRefused("name_double_extension")
    return name, extension
