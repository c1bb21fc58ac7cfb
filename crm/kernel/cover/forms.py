"""The forms of a cover: asking for one, confirming or refusing it, ending it. Shape only: the service judges."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.cover import services
from crm.kernel.people.models import Cover, Person
from crm.kernel.web.admin import ServiceForm
from crm.kernel.web.pickers import PickerField
from crm.kernel.web.widgets import DayInput, MoneyField

CONFIRM, REFUSE = "confirm", "refuse"
VERDICTS = [(CONFIRM, pgettext_lazy("my opinion", "Confirm")), (REFUSE, _("Refuse"))]


def _person(label: Any) -> PickerField:
    return PickerField(Person.objects.filter(is_active=True), url_name="person_picker", label=label)


class AskForm(forms.Form):
    """Who is away, who stands in, from when to when, how far. `scopes` fills the choices of the scope."""

    person = _person(_("person who is covered"))
    deputy = _person(_("deputy"))
    kind = forms.ChoiceField(label=_("reason for the cover"), choices=Cover.Kind.choices)
    starts_on = forms.DateField(label=_("first day"), widget=DayInput())
    ends_on = forms.DateField(label=_("last day"), widget=DayInput())
    letter_no = forms.CharField(label=_("letter number"), max_length=40)
    ceiling = MoneyField(
        label=_("ceiling amount"),
        required=False,
        help_text=_("In yuan. Required where the person holds final authority."),
    )
    scope = forms.MultipleChoiceField(
        label=_("confined to"),
        required=False,
        choices=(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave empty for everything."),
    )
    is_suspended = forms.BooleanField(
        label=_("account suspended meanwhile"),
        required=False,
        help_text=_("Only for mandatory leave: the person cannot sign in on these days."),
    )

    def __init__(self, *args: Any, scopes: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = list(scopes.items())  # type: ignore[attr-defined]


class VerdictForm(forms.Form):
    """Confirm, or refuse with a reason."""

    verdict = forms.ChoiceField(label=_("My decision"), choices=VERDICTS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, widget=forms.Textarea({"rows": 3, "maxlength": "300"})
    )


class EndForm(forms.Form):
    """Why the cover ends."""

    end_reason = forms.ChoiceField(label=_("why it ended"), choices=Cover.EndReason.choices, widget=forms.RadioSelect)


def decide(cover: Cover, verdict: str, reason: str, by: Any) -> Cover:
    """The service that the verdict names."""
    if verdict == REFUSE:
        return services.cover_refuse(cover=cover, reason=reason, by=by)
    return services.cover_confirm(cover=cover, by=by)


class AdminVerdictForm(ServiceForm):
    """The same decision in the admin site."""

    by: Person
    verdict = forms.ChoiceField(label=_("My decision"), choices=VERDICTS, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    class Meta:
        model = Cover
        fields = ()

    def perform(self) -> Cover:
        given = self.cleaned_data
        return decide(self.instance, given["verdict"], given["reason"], self.by)
