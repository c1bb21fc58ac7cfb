"""The forms of a limit: proposing one, and the approver's word. Shape only: the service judges."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.people.models import Person
from crm.kernel.people.roles import AuthorityLevel
from crm.kernel.web.widgets import MoneyField
from risk.limits.models import CreditLimit

APPROVE, DECLINE = "approve", "decline"


class ApproverField(forms.ModelChoiceField):
    """An approver with department and authority."""

    def label_from_instance(self, obj: Any) -> str:
        level = AuthorityLevel(obj.reach).label
        return f"{obj.name} · {level}"


class LimitForm(forms.Form):
    """What the formula does not read: the need with its paper, how much of it is asked, and who decides."""

    need_kind = forms.ChoiceField(
        label=_("Kind of need"), choices=CreditLimit.NeedKind.choices, widget=forms.RadioSelect
    )
    need = MoneyField(label=_("Need in yuan"), min_value=0)
    source = forms.CharField(
        label=_("Source of the need"),
        max_length=300,
        help_text=_("Working-capital sheet, cash-flow model or feasibility study, with its date."),
    )
    amount = MoneyField(
        label=_("Limit in yuan"),
        required=False,
        min_value=0,
        help_text=_("Empty: what the formula gives. Less may be proposed, more may not."),
    )
    asked_of = ApproverField(Person.objects.none(), label=_("To be decided by"))
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 4, "maxlength": "2000"})
    )

    def __init__(self, *args: Any, deciders: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_of"].queryset = deciders  # type: ignore[attr-defined]


class VerdictForm(forms.Form):
    """Approve or decline, with an opinion; the minutes where the committee is asked."""

    verdict = forms.ChoiceField(
        label=_("My decision"),
        choices=[(APPROVE, _("Approve this limit")), (DECLINE, _("Decline"))],
        widget=forms.RadioSelect,
    )
    resolution = forms.CharField(label=_("Resolution of the committee"), max_length=100, required=False)
    opinion = forms.CharField(
        label=_("Opinion"), max_length=1000, widget=forms.Textarea({"rows": 4, "maxlength": "1000"})
    )
