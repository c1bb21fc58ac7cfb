"""What the sender of a refused file is told, by the code of the rule."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Text
from crm.kernel.attachments.rules.refusal import FileRefused

SENTENCES: dict[str, Text] = {
    "name_missing": _("The file has no name."),
    "name_hidden_marks": _("The file name contains invisible or direction characters."),
    "name_path": _("The file name contains a path or a reserved character."),
    "name_long": _("The file name is longer than %(high)s characters."),
    "name_double_extension": _("The file name has two extensions."),
    "type_not_allowed": _("Files of type %(extension)s are not accepted. Accepted: %(allowed)s."),
    "empty": _("The file is empty."),
    "content_differs": _("The content does not match the file extension."),
    "damaged": _("The file is damaged or incomplete."),
    "encrypted": _("The file is encrypted or protected by a password and cannot be reviewed."),
    "encrypted_or_old": _(
        "The file is protected by a password or in an old format: save it without a password in a current format."
    ),
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
    "package_path": _("The file contains names that point outside it."),
    "package_entities": _("The file contains document type declarations."),
    "bomb_size": _("Unpacked, the file is larger than %(high)s MB."),
    "bomb_ratio": _("The file is compressed more than %(high)s times."),
    "bomb_entries": _("The file contains more than %(high)s parts."),
    "image_sides": _("The picture has no size, or a side is longer than %(high)s pixels."),
}


def refusal_sentence(refusal: FileRefused) -> str:
    """What a refused file's sender is told."""
    figures = {key: ", ".join(item) if isinstance(item, list) else item for key, item in refusal.figures.items()}
    text = str(SENTENCES[refusal.code])
    return text % figures if figures else text
