"""The forms of repayment. Shape only: the service judges."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.people.models import Person
from crm.kernel.web.admin import ServiceForm
from crm.kernel.web.widgets import CodeInput, DayInput, MoneyField
from projects.funding.forms import REFUSE, VERDICTS
from projects.servicing import services
from projects.servicing.models import Repayment, RepaymentPlan


class PlanForm(forms.Form):
    """How the outstanding principal is paid back: by rule, or day by day."""

    kind = forms.ChoiceField(label=_("kind of plan"))
    first_due_on = forms.DateField(label=_("first due day"), widget=DayInput(), required=False)
    months = forms.TypedChoiceField(label=_("interval"), choices=RepaymentPlan.Months.choices, coerce=int, initial=3)
    grace = forms.IntegerField(
        label=_("instalments of interest alone"),
        min_value=0,
        max_value=480,
        initial=0,
        help_text=_("So many of the first instalments pay no principal."),
    )
    rows = forms.CharField(
        label=_("instalments"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 6, "maxlength": "20000"}),
        help_text=_("A day and an amount in yuan per line, such as 2027-03-21 500000"),
    )
    note = forms.CharField(
        label=_("reason for the version"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2, "maxlength": "500"}),
        help_text=_("Needed where a plan is in force already."),
    )

    def __init__(self, *args: Any, kinds: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["kind"]
        shown.choices = [(code, word) for code, word in RepaymentPlan.Kind.choices if code in kinds]

    def clean_rows(self) -> list[dict[str, Any]]:
        """The lines as days and amounts; a line that is neither is named."""
        rows = []
        for number, line in enumerate(self.cleaned_data["rows"].splitlines(), 1):
            parts = re.split(r"[\s\t]+", line.strip().replace(",", "").replace("，", ""))
            if parts == [""]:
                continue
            try:
                day, amount = parts
                rows.append({"due_on": date.fromisoformat(day), "principal": Decimal(amount)})
            except (ValueError, InvalidOperation):
                raise forms.ValidationError(_("Line %(number)s: a day and an amount.") % {"number": number}) from None
        return rows


class PlanVerdictForm(forms.Form):
    """Confirm the plan, or decline it with a reason."""

    verdict = forms.ChoiceField(label=_("My opinion"), choices=VERDICTS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason for declining"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3, "maxlength": "500"}),
    )


class RepaymentForm(forms.Form):
    """What came in."""

    reference = forms.CharField(
        label=_("bank reference"),
        max_length=60,
        widget=CodeInput(),
        help_text=_("As on the bank's advice. The same reference is booked once."),
    )
    amount = MoneyField(label=_("amount"), help_text=_("In yuan."))
    value_date = forms.DateField(label=_("value date"), widget=DayInput())
    is_prepayment = forms.BooleanField(
        label=_("early repayment"),
        required=False,
        help_text=_("What exceeds the instalments due pays principal early, with its interest until this day."),
    )


class ReverseForm(forms.Form):
    """Why a repayment is taken back."""

    reason = forms.CharField(
        label=_("reason for the reversal"), max_length=500, widget=forms.Textarea({"rows": 3, "maxlength": "500"})
    )


def judge(plan: RepaymentPlan, verdict: str, reason: str, by: Any) -> RepaymentPlan:
    """The service that the verdict names."""
    if verdict == REFUSE:
        return services.plan_refuse(plan=plan, reason=reason, by=by)
    return services.plan_confirm(plan=plan, by=by)


class AdminPlanForm(ServiceForm):
    """The word on a plan in the admin site."""

    by: Person
    verdict = forms.ChoiceField(label=_("My opinion"), choices=VERDICTS, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason for declining"), max_length=500, required=False)

    class Meta:
        model = RepaymentPlan
        fields = ()

    def perform(self) -> RepaymentPlan:
        given = self.cleaned_data
        return judge(self.instance, given["verdict"], given["reason"], self.by)


class AdminReverseForm(ServiceForm):
    """The reversal of a repayment in the admin site."""

    by: Person
    reason = forms.CharField(label=_("reason for the reversal"), max_length=500)

    class Meta:
        model = Repayment
        fields = ()

    def perform(self) -> Repayment:
        return services.repayment_reverse(repayment=self.instance, reason=self.cleaned_data["reason"], by=self.by)
