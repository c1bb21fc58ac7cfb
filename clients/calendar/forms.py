"""The form of one's calendar feed."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FeedForm(forms.Form):
    """Open a feed, or end it."""

    names_clients = forms.BooleanField(
        label=_("With the names of clients and the places"),
        required=False,
        help_text=_("Without it the feed tells kind and time only. Names then lie in your telephone's calendar."),
    )
