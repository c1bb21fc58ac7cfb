"""The forms of the KPI: closing, a correction, a scheme, and the second person's word on it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.people.models import Post
from crm.kernel.web.widgets import DayInput
from staff.kpi.models import Dimension, KpiSchemeRow
from staff.kpi.selectors.measures import MEASURES

PUBLISH, WITHDRAW = "publish", "withdraw"
PARTS = ("weight", "dimension", "method", "first", "second")
# What the two figures of a method are, in the order of the form.
FIGURES: dict[str, tuple[str, ...]] = {
    "target": ("target", "cap"),
    "linear": ("full_at", "zero_at"),
    "deduct": ("step",),
}


class CloseForm(forms.Form):
    """Closing asks for one tick: that the figures were read."""

    seen = forms.BooleanField(label=_("I have checked the figures; objections have been dealt with."))


class CorrectionForm(forms.Form):
    """Points given to or taken from a closed quarter."""

    measure = forms.ChoiceField(label=_("Measure"))
    points = forms.DecimalField(
        label=_("Points"), max_digits=7, decimal_places=2, help_text=_("Use a minus sign to deduct points.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 4, "maxlength": "500"}))
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, measures: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["measure"]
        field.choices = [(code, MEASURES[code].name) for code in measures if code in MEASURES]


class SchemeForm(forms.Form):
    """A scheme: the post, the quarter it begins with, and for each measure that shall count its weight and scoring."""

    post = forms.ModelChoiceField(label=_("Post"), queryset=Post.objects.all(), empty_label=_("Choose a post"))
    effective_from = forms.DateField(
        label=_("In force from"), widget=DayInput(), help_text=_("The first day of a quarter.")
    )
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("The decision or rule it is based on."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in MEASURES:
            made: dict[str, forms.Field] = {
                "weight": forms.DecimalField(label=_("Weight"), required=False, max_digits=5, decimal_places=2),
                "dimension": forms.ChoiceField(label=_("Dimension"), choices=Dimension.choices, required=False),
                "method": forms.ChoiceField(
                    label=_("Scoring"), choices=[("", "—"), *KpiSchemeRow.Method.choices], required=False
                ),
                "first": forms.DecimalField(
                    label=_("Target, full points at, or deduction per case"),
                    required=False,
                    max_digits=20,
                    decimal_places=4,
                ),
                "second": forms.DecimalField(
                    label=_("Upper bound, or zero points at"), required=False, max_digits=20, decimal_places=4
                ),
            }
            self.fields |= {f"{code}-{part}": field for part, field in made.items()}

    def measures(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        """Each measure's name with its fields, as the page lays them out."""
        for code, measure in MEASURES.items():
            yield measure, [self[f"{code}-{part}"] for part in PARTS]

    def rows(self) -> list[dict[str, Any]]:
        """The measures that were given a weight, as the service takes them."""
        found = []
        for code in MEASURES:
            given = {part: self.cleaned_data.get(f"{code}-{part}") for part in PARTS}
            if given["weight"] is None:
                continue
            names = FIGURES.get(given["method"] or "", ())
            figures = dict(zip(names, (given["first"], given["second"]), strict=False))
            row = {
                "measure": code,
                "weight": given["weight"],
                "dimension": given["dimension"],
                "method": given["method"],
            }
            found.append({**row, **figures})
        return found


class SchemeVerdictForm(forms.Form):
    """Publish, or withdraw with a reason."""

    verdict = forms.ChoiceField(
        label=_("My opinion"),
        choices=[(PUBLISH, _("Publish this scheme")), (WITHDRAW, _("Withdraw"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason for withdrawal"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3, "maxlength": "500"}),
    )
