"""The forms of grades: entering one, and the second person's word."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.file.models import Grade
from crm.kernel.web.widgets import DayInput

CONFIRM, DECLINE = "confirm", "decline"


class RatingForm(forms.Form):
    """A grade with its ground. Without a day it holds as long as the rule allows."""

    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=DayInput())
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("Source of the grade: rating report, scorecard and its date, committee minutes."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 5, "maxlength": "2000"})
    )


class VerdictForm(forms.Form):
    """Confirm, or decline with a reason."""

    verdict = forms.ChoiceField(
        label=_("My opinion"),
        choices=[(CONFIRM, _("Confirm this rating")), (DECLINE, _("Decline"))],
        widget=forms.RadioSelect,
    )
    rejected_reason = forms.CharField(
        label=_("Reason for declining"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3, "maxlength": "500"}),
        help_text=_("Required if you decline; the person who entered the rating sees this."),
    )

    def declines(self) -> bool:
        """Whether the second person said no."""
        cleaned: dict[str, Any] = self.cleaned_data
        return bool(cleaned["verdict"] == DECLINE)
