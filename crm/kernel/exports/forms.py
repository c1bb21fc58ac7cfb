"""The forms of an export. Shape only: the service judges."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.exports.models import ExportRun
from crm.kernel.web.exports import PURPOSE_LENGTHS


class OrderForm(forms.Form):
    """As which file, and what for."""

    format = forms.ChoiceField(label=_("Format"), choices=ExportRun.Format.choices)
    purpose = forms.CharField(label=_("Purpose"), max_length=PURPOSE_LENGTHS[1], required=False)

    def __init__(self, *args: Any, asks_purpose: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].required = asks_purpose


class CancelForm(forms.Form):
    """An act that needs nothing but the version."""
