"""The forms of contracts and draw-downs. Shape only: the service judges."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.people.models import Person
from crm.kernel.web.admin import ServiceForm
from crm.kernel.web.widgets import AmountInput, CodeInput, DayInput, MoneyField
from projects.deals.models import Project
from projects.funding import services
from projects.funding.models import Contract, Drawdown

CONFIRM, REFUSE = "confirm", "refuse"
VERDICTS = [(CONFIRM, pgettext_lazy("my opinion", "Confirm")), (REFUSE, pgettext_lazy("draw-down", "Decline"))]
RELEASES = [(CONFIRM, pgettext_lazy("draw-down", "Release")), (REFUSE, pgettext_lazy("draw-down", "Decline"))]
PAYEE = ("name", "account_no", "bank", "amount", "is_entrusted", "invoice_no")
PLACES = (1, 2, 3)


class ContractForm(forms.Form):
    """The terms of a signed contract, and the paper."""

    number = forms.CharField(label=_("contract number"), max_length=60, widget=CodeInput())
    amount = MoneyField(label=_("contract amount"), help_text=_("In yuan, not above the approved amount."))
    signed_on = forms.DateField(label=_("signed on"), widget=DayInput())
    available_until = forms.DateField(
        label=_("available until"), widget=DayInput(), help_text=_("Last day on which it can be drawn.")
    )
    matures_on = forms.DateField(label=_("matures on"), widget=DayInput())
    rate = forms.DecimalField(
        label=_("annual interest rate"),
        max_digits=6,
        decimal_places=4,
        widget=AmountInput(),
        help_text=_("In percent, as on the day of signing."),
    )
    repayment = forms.ChoiceField(label=_("repayment"), choices=Project.Repayment.choices)
    paper = forms.FileField(
        label=_("signed contract"), allow_empty_file=True, help_text=_("PDF, picture or office file")
    )


class CapitalForm(forms.Form):
    """Capital that was paid in."""

    amount = MoneyField(label=_("amount"), help_text=_("In yuan."))
    paid_on = forms.DateField(label=_("paid in on"), widget=DayInput())
    paper = forms.FileField(label=_("voucher"), allow_empty_file=True, help_text=_("PDF, picture or office file"))


class NothingForm(forms.Form):
    """Nothing is asked: the address says it all."""


class DrawForm(forms.Form):
    """What the money is for, and up to three payees."""

    purpose = forms.CharField(
        label=_("purpose"), max_length=500, widget=forms.Textarea({"rows": 2, "maxlength": "500"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in PLACES:
            is_first = place == PLACES[0]
            words = {"place": place}
            self.fields[f"name_{place}"] = forms.CharField(
                label=_("Payee %(place)s") % words, max_length=120, required=is_first
            )
            self.fields[f"amount_{place}"] = MoneyField(label=_("Amount %(place)s") % words, required=is_first)
            self.fields[f"account_no_{place}"] = forms.CharField(
                label=_("Account %(place)s") % words, max_length=34, required=is_first, widget=CodeInput()
            )
            self.fields[f"bank_{place}"] = forms.CharField(
                label=_("Bank %(place)s") % words, max_length=120, required=is_first
            )
            self.fields[f"invoice_no_{place}"] = forms.CharField(
                label=_("Contract or invoice number %(place)s") % words, max_length=60, required=is_first
            )
            self.fields[f"is_entrusted_{place}"] = forms.BooleanField(
                label=_("The lender pays payee %(place)s") % words, required=False, initial=True
            )

    @property
    def payees(self) -> list[dict[str, Any]]:
        """The fields of each payee; one that was begun is open."""
        return [
            {
                "place": place,
                "fields": [self[f"{name}_{place}"] for name in PAYEE],
                "is_open": any(self[f"{name}_{place}"].errors or self[f"{name}_{place}"].data for name in PAYEE[:4]),
            }
            for place in PLACES
        ]

    def list_payees(self) -> list[dict[str, Any]]:
        """The payees that were named."""
        given = self.cleaned_data
        return [{name: given[f"{name}_{place}"] for name in PAYEE} for place in PLACES if given[f"name_{place}"]]

    def clean(self) -> dict[str, Any]:
        """A payee that is named is named whole."""
        given = super().clean() or {}
        for place in PLACES[1:]:
            if given.get(f"name_{place}"):
                for name in ("account_no", "bank", "amount", "invoice_no"):
                    if not given.get(f"{name}_{place}"):
                        self.add_error(f"{name}_{place}", _("Fill this in for the payee."))
        return given


class PayForm(forms.Form):
    """The day and the voucher of the payment."""

    paid_on = forms.DateField(label=_("paid out on"), widget=DayInput())
    voucher = forms.FileField(
        label=_("payment voucher"), allow_empty_file=True, help_text=_("PDF, picture or office file")
    )


class VerdictForm(forms.Form):
    """Confirm, or decline with a reason."""

    verdict = forms.ChoiceField(label=_("My opinion"), choices=VERDICTS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason for declining"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3, "maxlength": "500"}),
    )


class ReleaseForm(VerdictForm):
    """Release, or decline with a reason."""

    verdict = forms.ChoiceField(label=_("My decision"), choices=RELEASES, widget=forms.RadioSelect)


def judge(contract: Contract, verdict: str, reason: str, by: Any) -> Contract:
    """The service that the verdict names."""
    if verdict == REFUSE:
        return services.contract_refuse(contract=contract, reason=reason, by=by)
    return services.contract_confirm(contract=contract, by=by)


def decide(drawdown: Drawdown, verdict: str, reason: str, by: Any) -> Drawdown:
    """The service that the verdict names."""
    if verdict == REFUSE:
        return services.drawdown_refuse(drawdown=drawdown, reason=reason, by=by)
    return services.drawdown_release(drawdown=drawdown, by=by)


class AdminContractForm(ServiceForm):
    """The word on a contract in the admin site."""

    by: Person
    verdict = forms.ChoiceField(label=_("My opinion"), choices=VERDICTS, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason for declining"), max_length=500, required=False)

    class Meta:
        model = Contract
        fields = ()

    def perform(self) -> Contract:
        given = self.cleaned_data
        return judge(self.instance, given["verdict"], given["reason"], self.by)


class AdminDrawdownForm(ServiceForm):
    """The word on a draw-down in the admin site."""

    by: Person
    verdict = forms.ChoiceField(label=_("My decision"), choices=RELEASES, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason for declining"), max_length=500, required=False)

    class Meta:
        model = Drawdown
        fields = ()

    def perform(self) -> Drawdown:
        given = self.cleaned_data
        return decide(self.instance, given["verdict"], given["reason"], self.by)
