"""The forms of a change of identity: proposing one, and the second person's word."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.file.models import NAME_LENGTH, ClientType

CONFIRM, DECLINE = "confirm", "decline"


class ProposalForm(forms.Form):
    """The new name, code or type, why, and the document that shows it."""

    name = forms.CharField(label=_("New name"), max_length=NAME_LENGTH)
    credit_code = forms.CharField(
        label=_("New credit code"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off", "spellcheck": "false"}),
    )
    code_as_on_paper = forms.BooleanField(
        label=_("The document shows exactly this credit code, although its check character is wrong"), required=False
    )
    client_type = forms.ChoiceField(
        label=_("New type"), choices=[choice for choice in ClientType.choices if choice[0] != ClientType.INDIVIDUAL]
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3, "maxlength": "2000"}),
        help_text=_("What changed at the registry, when, and how it was checked"),
    )
    paper = forms.FileField(
        label=_("Supporting document"),
        allow_empty_file=True,
        help_text=_("Notice of change of registration, new business licence"),
    )

    def __init__(self, *args: Any, is_individual: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_individual:
            del self.fields["credit_code"], self.fields["client_type"], self.fields["code_as_on_paper"]


class NothingForm(forms.Form):
    """Nothing is asked: the address says it all."""


class VerdictForm(forms.Form):
    """Confirm, or decline with a reason."""

    verdict = forms.ChoiceField(
        label=_("My opinion"),
        choices=[(CONFIRM, _("Confirm the change")), (DECLINE, _("Decline"))],
        widget=forms.RadioSelect,
    )
    decided_reason = forms.CharField(
        label=_("Reason for declining"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3, "maxlength": "500"}),
        help_text=_("Required if you decline; the person who proposed the change sees this."),
    )
