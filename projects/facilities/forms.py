"""The forms of facilities in force. Shape only: the service judges."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.people.models import Person
from crm.kernel.web.admin import ServiceForm
from crm.kernel.web.widgets import CodeInput, DayInput, MoneyField
from projects.facilities import services
from projects.facilities.models import Facility

CONFIRM, REFUSE = "confirm", "refuse"
VERDICTS = [(CONFIRM, pgettext_lazy("my opinion", "Confirm")), (REFUSE, _("Decline"))]


class BalanceForm(forms.Form):
    """What is outstanding on a day."""

    optional: tuple[str, ...] = ("undrawn", "due_unpaid")

    as_of = forms.DateField(label=_("Balance as of"), widget=DayInput())
    outstanding = MoneyField(label=_("outstanding"), help_text=_("Principal not yet paid back."))
    undrawn = MoneyField(
        label=_("undrawn commitment"), required=False, help_text=_("What the client may still draw. Empty: nothing.")
    )
    due_unpaid = MoneyField(label=_("interest due and unpaid"), required=False, help_text=_("Empty: nothing."))

    def clean(self) -> dict[str, Any]:
        """An amount that was left empty is none."""
        given = super().clean() or {}
        return {name: 0 if value is None and name in self.optional else value for name, value in given.items()}


class FacilityForm(BalanceForm):
    """A facility that another channel approved, its balance, and the paper that shows it."""

    optional = (*BalanceForm.optional, "margin")
    field_order = (
        "contract_no",
        "kind",
        "name",
        "amount",
        "margin",
        "approved_on",
        "approved_by",
        "available_until",
        "matures_on",
    )

    contract_no = forms.CharField(label=_("contract number"), max_length=60, widget=CodeInput())
    kind = forms.ChoiceField(label=_("kind of facility"), choices=Facility.Kind.choices)
    name = forms.CharField(label=_("what it finances"), max_length=120)
    amount = MoneyField(label=_("contract amount"), help_text=_("In yuan."))
    margin = MoneyField(
        label=_("cash margin"), required=False, help_text=_("Deposited as security; it lowers the exposure.")
    )
    approved_on = forms.DateField(label=_("approved on"), widget=DayInput())
    approved_by = forms.CharField(
        label=_("who approved it"),
        max_length=120,
        help_text=_("Body and number of the approval, as on the paper."),
    )
    available_until = forms.DateField(
        label=_("available until"),
        widget=DayInput(),
        required=False,
        help_text=_("Last day on which it can be drawn. Empty: no longer."),
    )
    matures_on = forms.DateField(label=_("matures on"), widget=DayInput())
    paper = forms.FileField(
        label=_("contract or approval letter"), allow_empty_file=True, help_text=_("PDF, picture or office file")
    )


class NothingForm(forms.Form):
    """Nothing is asked: the address says it all."""


class SettleForm(forms.Form):
    """When everything was paid back."""

    settled_on = forms.DateField(label=_("paid back on"), widget=DayInput())


class VerdictForm(forms.Form):
    """Confirm, or decline with a reason."""

    verdict = forms.ChoiceField(label=_("My opinion"), choices=VERDICTS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason for declining"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3, "maxlength": "500"}),
    )


def judge(facility: Facility, verdict: str, reason: str, by: Any) -> Facility:
    """The service that the verdict names, of what waits: the facility itself, or its settlement."""
    if facility.state == Facility.State.SETTLING:
        if verdict == REFUSE:
            return services.facility_settle_refuse(facility=facility, reason=reason, by=by)
        return services.facility_settle_confirm(facility=facility, by=by)
    if verdict == REFUSE:
        return services.facility_refuse(facility=facility, reason=reason, by=by)
    return services.facility_confirm(facility=facility, by=by)


class AdminVerdictForm(ServiceForm):
    """The same word in the admin site."""

    by: Person
    verdict = forms.ChoiceField(label=_("My opinion"), choices=VERDICTS, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason for declining"), max_length=500, required=False)

    class Meta:
        model = Facility
        fields = ()

    def perform(self) -> Facility:
        given = self.cleaned_data
        return judge(self.instance, given["verdict"], given["reason"], self.by)
