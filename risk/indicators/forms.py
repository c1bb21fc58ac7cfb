"""The two things people write about a warning."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RespondForm(forms.Form):
    """The answer of who keeps the client."""

    response = forms.CharField(
        label=_("Findings and actions"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5, "maxlength": "2000"}),
        help_text=_("Cause, actions taken, and when the rest will be done."),
    )


class CloseForm(forms.Form):
    """The second person's reason."""

    closing = forms.CharField(
        label=_("Reason for closing"), max_length=2000, widget=forms.Textarea({"rows": 5, "maxlength": "2000"})
    )
