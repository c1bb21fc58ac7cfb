"""The form of a requested change. Shape only: what may change, and to what, is judged by the service."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.web.widgets import AmountInput, MoneyField
from projects.deals.models import Project


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea({"rows": 3, "maxlength": "1000"})
    return forms.CharField(label=label, max_length=1000, widget=area, help_text=help_text)


class AmendForm(forms.Form):
    """The terms of the project, filled in as they are decided; what stays as it is does not change."""

    amount = MoneyField(label=_("Amount"))
    term_months = forms.IntegerField(
        label=_("Term"),
        widget=AmountInput({"maxlength": "4"}),
        help_text=_("In all. A longer term of a signed loan is an extension."),
    )
    draw_months = forms.IntegerField(
        label=_("Draw-down period"), required=False, widget=AmountInput({"maxlength": "3"})
    )
    rate_kind = forms.ChoiceField(
        label=_("Interest rate"), choices=[("", "—"), *Project.RateKind.choices], required=False
    )
    rate_spread_bp = forms.IntegerField(label=_("Spread"), required=False, widget=AmountInput({"maxlength": "5"}))
    rate_fixed = forms.DecimalField(
        label=_("Fixed rate"), required=False, max_digits=6, decimal_places=4, widget=AmountInput()
    )
    repayment = forms.ChoiceField(label=_("Repayment"), choices=[("", "—"), *Project.Repayment.choices], required=False)
    secured = forms.BooleanField(label=_("Secured"), required=False)
    security_kinds = forms.MultipleChoiceField(
        label=_("Kinds of security"),
        choices=Project.SecurityKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_fully_margined = forms.BooleanField(label=_("Covered by cash margin in full"), required=False)
    purpose = forms.CharField(
        label=_("Purpose"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3, "maxlength": "2000"})
    )
    term_reason = forms.CharField(
        label=_("Reason for the longer term"),
        max_length=500,
        required=False,
        help_text=_("Required above the normal term of the product."),
    )
    reason = _text(_("Reason for the change"))
    effect = _text(
        _("Effect of the change"),
        help_text=_("What it means for repayment, security and exposure."),
    )
