"""What a form's request says besides its fields, and the service's refusal put beside them."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import DomainError


def version_of(request: HttpRequest) -> int | None:
    """The version a form was opened with; None if it does not say."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def refuse_broken_text(form: forms.BaseForm, request: HttpRequest) -> None:
    """Refuse U+FFFD: bytes that are not text (a lone surrogate, half a character) arrive as such."""
    for name, values in request.POST.lists():
        if any("\ufffd" in value for value in values):
            form.add_error(name if name in form.fields else None, _("This contains characters that are not text."))


def add_domain_errors(form: forms.BaseForm, error: DomainError) -> None:
    """Put each message beside its field; those of fields the form does not have go on top."""
    for name, texts in error.errors.items():
        known = name in form.fields
        for text in texts:
            form.add_error(name if known else None, forms.ValidationError(str(text), code=error.code))
