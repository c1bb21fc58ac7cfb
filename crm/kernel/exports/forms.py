"""The forms of an export. Shape only: the service judges."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.exports.models import ExportRun
from crm.kernel.web.exports import PURPOSE_LENGTHS


class OrderForm(forms.Form):
    """Which list, as which file, and what for. `conditions` come from the list's own page."""

    list = forms.ChoiceField(label=_("List"))
    format = forms.ChoiceField(label=_("Format"), choices=ExportRun.Format.choices)
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=PURPOSE_LENGTHS[1],
        required=False,
        help_text=_("Needed where the rows hold personal data, as clients do."),
    )
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lists: Sequence[tuple[str, Any]], is_given: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list"].choices = lists  # type: ignore[attr-defined]
        if is_given:
            self.fields["list"].widget = forms.HiddenInput()


class CancelForm(forms.Form):
    """An act that needs nothing but the version."""
