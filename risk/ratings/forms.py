"""The forms of grades: entering one, and the second person's word."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.file.models import Grade
from crm.kernel.web.widgets import DayInput, MoneyField
from risk.ratings.rules.scorecard import KNOCK_OUTS
from risk.ratings.scoring import AMOUNTS, STEPPED
from risk.ratings.shown import knock_out_names

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


def _step_choices() -> list[tuple[str, Any]]:
    return [("", "—"), ("5", _("5 best")), ("4", "4"), ("3", "3"), ("2", "2"), ("1", _("1 worst"))]


class ScoreForm(forms.Form):
    """What the statements do not say, asked of the assessor; everything may be empty while one still tries."""

    interest_due = MoneyField(label=_("Interest due in the last 12 months"), required=False, min_value=0)
    interest_paid = MoneyField(label=_("of it paid"), required=False, min_value=0)
    principal_due = MoneyField(label=_("Principal due in the last 12 months"), required=False, min_value=0)
    principal_paid = MoneyField(label=_("of it paid"), required=False, min_value=0)
    esg_score = forms.IntegerField(label=_("ESG score"), min_value=0, max_value=100, required=False)
    restricted_industry = forms.BooleanField(label=_("State-restricted industry: at most B"), required=False)
    knock_outs = forms.MultipleChoiceField(
        label=_("Makes it C at once"), required=False, widget=forms.CheckboxSelectMultiple
    )
    grade = forms.ChoiceField(
        label=_("Grade"), required=False, choices=[("", _("as the scorecard gives it")), *Grade.choices]
    )
    override_reason = forms.CharField(
        label=_("Reason for the change by hand"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2, "maxlength": "500"}),
        help_text=_("At most one notch below the scorecard; upward is decided by a review."),
    )
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=DayInput())
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Papers behind the answers: credit report, interview, registry.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 4, "maxlength": "2000"})
    )

    def __init__(self, *args: Any, names: dict[str, str], **kwargs: Any) -> None:
        """`names`: what the expert factors are called, by code."""
        super().__init__(*args, **kwargs)
        self.fields["knock_outs"].choices = [  # type: ignore[attr-defined]
            (code, name) for code, name in knock_out_names().items() if code != "insolvent" and code in KNOCK_OUTS
        ]
        for code in STEPPED:
            name = code.lower()
            self.fields[name] = forms.TypedChoiceField(
                label=names[code], choices=_step_choices, coerce=int, empty_value=None, required=False
            )
            self.fields[f"{name}_reason"] = forms.CharField(label=_("Why"), max_length=300, required=False)

    @property
    def experts(self) -> list[tuple[Any, Any]]:
        """The expert factors with their reasons, side by side."""
        return [(self[code.lower()], self[f"{code.lower()}_reason"]) for code in STEPPED]

    def answers(self) -> dict[str, Any]:
        """What counts as answers, of what could be read."""
        steps = [name for code in STEPPED for name in (code.lower(), f"{code.lower()}_reason")]
        names = (*AMOUNTS, "esg_score", "restricted_industry", "knock_outs", *steps)
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


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
