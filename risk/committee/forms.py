"""The forms of the credit committee. Shape only: the services judge."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.people.models import Person
from crm.kernel.web.admin import ServiceForm
from crm.kernel.web.widgets import DayInput
from risk.committee import services
from risk.committee.models import LONGEST, AgendaItem, Vote
from risk.reviews.models import ReviewCase


def _text(label: Any, *, rows: int = 3, most: int = LONGEST, required: bool = True, note: Any = "") -> forms.CharField:
    area = forms.Textarea({"rows": rows, "maxlength": str(most)})
    return forms.CharField(label=label, max_length=most, widget=area, required=required, help_text=note)


LINES_NOTE = _("One per line; only for a vote with conditions or for a further hearing.")


class ConveneForm(forms.Form):
    """When and where."""

    held_on = forms.DateField(label=_("Day"), widget=DayInput())
    place = forms.CharField(label=_("Place or link"), max_length=120)


class AgendaForm(forms.Form):
    """Which case; `cases` are those that wait."""

    case = forms.ModelChoiceField(ReviewCase.objects.none(), label=_("Case"))

    def __init__(self, *args: Any, cases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = cases  # type: ignore[attr-defined]
        self.fields["case"].label_from_instance = lambda one: f"{one.number} · {one.project.name}"  # type: ignore[attr-defined]


class OpenForm(forms.Form):
    """Who is present and who takes the chair; `voters` are the members who declared no conflict."""

    present = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Present with a vote"), widget=forms.CheckboxSelectMultiple
    )
    chair = forms.ModelChoiceField(Person.objects.none(), label=_("Chair"))

    def __init__(self, *args: Any, voters: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("present", "chair"):
            self.fields[name].queryset = voters  # type: ignore[attr-defined]
        self.fields["present"].initial = voters


class VoteForm(forms.Form):
    """One's own vote."""

    kind = forms.ChoiceField(label=_("My vote"), choices=Vote.Kind.choices, widget=forms.RadioSelect)
    opinion = _text(_("Opinion"), rows=4)
    lines = _text(_("Conditions or questions"), required=False, note=LINES_NOTE)

    def clean_lines(self) -> list[str]:
        return split_lines(self.cleaned_data["lines"])


class RemoveForm(forms.Form):
    """Why."""

    reason = _text(_("Reason"), most=500)


def split_lines(text: str) -> list[str]:
    """The lines of a text box, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class AdminVoteForm(ServiceForm):
    """The same vote in the admin site."""

    by: Person
    vote = forms.ChoiceField(label=_("My vote"), choices=Vote.Kind.choices, widget=forms.RadioSelect)
    words = _text(_("Opinion"), rows=4)
    points = _text(_("Conditions or questions"), required=False, note=LINES_NOTE)

    class Meta:
        model = AgendaItem
        fields = ()

    def perform(self) -> AgendaItem:
        given = self.cleaned_data
        lines = split_lines(given["points"])
        services.vote_cast(item=self.instance, kind=given["vote"], opinion=given["words"], lines=lines, by=self.by)
        return self.instance
