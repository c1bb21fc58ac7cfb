"""What every service asks of its input before it looks at rules: known fields, sound text, the model's own bounds."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import BadInput, Text

# Marks that turn the direction of writing: they make a text read otherwise than it is.
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def text_problem(text: str, *, lines: bool = True) -> Text | None:
    """Why `text` cannot be stored or printed: NUL, half a surrogate pair, a control character; None if sound.

    `lines`: whether line breaks and tabs may stand in it.
    """
    if "\x00" in text:
        return _("This contains a NUL character.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        return _("This contains an unpaired surrogate, which is not a character.")
    if "\ufffd" in text:
        # What a browser's form makes of bytes that are no character.
        return _("This contains a character that could not be read.")
    allowed = "\t\r\n" if lines else ""
    if any((character < " " and character not in allowed) or character in BIDI for character in text):
        return _("This contains a control character.")
    return None


def checked(
    model: type[models.Model], values: Mapping[str, Any], *, allowed: Collection[str] | None = None
) -> dict[str, Any]:
    """`values` of `model`'s fields, cleaned by the fields' own rules: length, choices, blank, validators, type.

    Text loses blanks at both ends. Related rows pass as they are: their visibility is the caller's question.
    BadInput names every field that is unknown, not `allowed`, or wrong, all at once.
    """
    cleaned: dict[str, Any] = {}
    errors: dict[str, list[Text]] = {}
    known = {field.name: field for field in model._meta.get_fields() if isinstance(field, models.Field)}
    for name, value in values.items():
        field = known.get(name)
        if field is None or (allowed is not None and name not in allowed):
            errors[name] = [_("This field cannot be set here.")]
        elif field.is_relation:
            cleaned[name] = value
        else:
            cleaned[name], errors[name] = _cleaned(field, value)
    errors = {name: texts for name, texts in errors.items() if texts}
    if errors:
        raise BadInput(errors=errors)
    return cleaned


def _cleaned(field: models.Field, value: Any) -> tuple[Any, list[Text]]:
    """The value as the field keeps it, and what is wrong with it."""
    if isinstance(field, models.CharField | models.TextField):
        if value is not None and not isinstance(value, str):
            return value, [_("This must be text.")]
        value = (value or "").strip()
        if problem := text_problem(value, lines=not isinstance(field, models.CharField)):
            return value, [problem]
        if field.max_length and len(value) > field.max_length:
            # Said here because a TextField's own max_length binds forms only.
            limits = {"limit": field.max_length, "length": len(value)}
            return value, [_("At most %(limit)d characters; this text has %(length)d.") % limits]
        if not value and field.null:
            return None, []
    if value is None and field.null:
        return None, []
    try:
        return field.clean(value, None), []
    except ValidationError as error:
        return value, list(error.messages)
