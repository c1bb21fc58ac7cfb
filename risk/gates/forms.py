"""The forms of a waiver: asking for one, and the word of who was asked. Shape only: the service judges."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.people.models import Person
from crm.kernel.web.admin import ServiceForm
from crm.kernel.web.widgets import DayInput
from risk.gates import services
from risk.gates.models import LONGEST, GateWaiver

GRANT, DECLINE = "grant", "decline"
VERDICTS = [(GRANT, _("Waive")), (DECLINE, _("Decline"))]


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, widget=forms.Textarea({"rows": 3, "maxlength": str(LONGEST)})
    )


class AskForm(forms.Form):
    """Which requirement, whom, and why. `gates` and `deciders` fill the choices."""

    gate = forms.ChoiceField(label=_("Requirement"), choices=())
    asked_of = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("To be decided by"),
        help_text=_("They can read the project until they have decided."),
    )
    asked_reason = _reason(_("Why it is asked for"))

    def __init__(self, *args: Any, gates: list[tuple[str, str]], deciders: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gate"].choices = [("", "—"), *gates]  # type: ignore[attr-defined]
        self.fields["asked_of"].queryset = deciders  # type: ignore[attr-defined]


class VerdictForm(forms.Form):
    """Waive with a last day, or decline; either with a reason."""

    verdict = forms.ChoiceField(label=_("My decision"), choices=VERDICTS, widget=forms.RadioSelect)
    expires_on = forms.DateField(label=_("Valid until"), required=False, widget=DayInput())
    reason = _reason(_("Reason"))


def decide(waiver: GateWaiver, given: dict[str, Any], by: Any) -> GateWaiver:
    """The service that the verdict names."""
    if given["verdict"] == DECLINE:
        return services.waiver_decline(waiver=waiver, reason=given["reason"], by=by)
    return services.waiver_grant(waiver=waiver, reason=given["reason"], expires_on=given["expires_on"], by=by)


class AdminVerdictForm(ServiceForm):
    """The same decision in the admin site."""

    by: Person
    verdict = forms.ChoiceField(label=_("My decision"), choices=VERDICTS, widget=forms.RadioSelect)
    last_day = forms.DateField(label=_("Valid until"), required=False, widget=DayInput())
    why = _reason(_("Reason"))

    class Meta:
        model = GateWaiver
        fields = ()

    def perform(self) -> GateWaiver:
        given = self.cleaned_data
        words = {"verdict": given["verdict"], "reason": given["why"], "expires_on": given["last_day"]}
        return decide(self.instance, words, self.by)
