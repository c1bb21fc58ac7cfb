"""The two things people write about a warning."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RespondForm(forms.Form):
    """The answer of who keeps the client."""

    response = forms.CharField(
        label=_("What was found and done"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5, "maxlength": "2000"}),
        help_text=_("Cause, what was done, and until when the rest follows."),
    )


class CloseForm(forms.Form):
    """The second person's reason."""

    closing = forms.CharField(
        label=_("Reason of the closing"), max_length=2000, widget=forms.Textarea({"rows": 5, "maxlength": "2000"})
    )
