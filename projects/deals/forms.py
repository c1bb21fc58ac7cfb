"""The forms of deals. Shape only: what may be written is judged by the service."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from crm.kernel.access.policies import Viewer
from crm.kernel.people.models import Person
from crm.kernel.web.pickers import PickerField
from crm.kernel.web.widgets import AmountInput, DayInput, MoneyField
from projects.deals.facts import Catalogue
from projects.deals.models import Project, ProjectDocument
from projects.deals.texts import LONGEST_REASON

SECURED = [("yes", _("Secured")), ("no", _("Unsecured"))]


class ProjectForm(forms.Form):
    """A deal with its two investigators. `known` fills the choices; `client` is asked only of a new one."""

    client = PickerField(
        Client.objects.none(),
        label=_("Client"),
        url_name="projects:client_picker",
        query="for=change",
        help_text=_("Clients you manage or co-manage."),
    )
    name = forms.CharField(label=_("Project name"), max_length=120)
    product = forms.ChoiceField(label=_("Product"), choices=())
    sector = forms.ChoiceField(
        label=_("Capital sector"), choices=(), help_text=_("It determines the minimum project capital.")
    )
    amount = MoneyField(label=_("Amount applied for"))
    currency = forms.ChoiceField(label=_("Currency"), choices=(), initial="CNY")
    term_months = forms.IntegerField(label=_("Term"), widget=AmountInput({"maxlength": "4"}))
    secured = forms.TypedChoiceField(
        label=_("Security"), choices=SECURED, coerce=lambda value: value == "yes", widget=forms.RadioSelect
    )
    total_investment = MoneyField(
        label=_("Total investment"),
        required=False,
        help_text=_("Fixed-asset investment, initial working capital and interest during construction."),
    )
    capital = MoneyField(label=_("Project capital"), required=False, help_text=_("What is not named below is cash."))
    capital_know_how = MoneyField(
        label=_("Of which industrial property and know-how"),
        required=False,
        help_text=_("Counts up to 20% of cash and know-how together."),
    )
    capital_instruments = MoneyField(
        label=_("Of which equity-type instruments"),
        required=False,
        help_text=_("Count up to half of the capital."),
    )
    capital_not_counted = MoneyField(
        label=_("Of which shareholder loans and funds to be repaid"),
        required=False,
        help_text=_("They do not count."),
    )
    other_sources = MoneyField(
        label=_("Other sources of funds"), required=False, help_text=_("Loans of other lenders, grants, own receipts.")
    )
    short_board_points = forms.DecimalField(
        label=_("Reduction for short-board infrastructure"),
        required=False,
        max_digits=4,
        decimal_places=2,
        widget=AmountInput(),
        help_text=_("At most 5 percentage points; it must be approved before submission."),
    )
    short_board_reason = forms.CharField(label=_("Reason for the reduction"), max_length=500, required=False)
    approval_kind = forms.ChoiceField(
        label=_("Kind of project approval"), choices=[("", "—"), *Project.ApprovalKind.choices], required=False
    )
    approval_no = forms.CharField(label=_("Approval number"), max_length=60, required=False)
    approval_date = forms.DateField(
        label=_("Approval date"),
        required=False,
        widget=DayInput(),
        help_text=_("The minimum capital ratio of this day applies."),
    )
    rate_kind = forms.ChoiceField(
        label=_("Interest rate"), choices=[("", "—"), *Project.RateKind.choices], required=False
    )
    rate_spread_bp = forms.IntegerField(label=_("Spread"), required=False, widget=AmountInput({"maxlength": "5"}))
    rate_fixed = forms.DecimalField(
        label=_("Fixed rate"), required=False, max_digits=6, decimal_places=4, widget=AmountInput()
    )
    repayment = forms.ChoiceField(label=_("Repayment"), choices=[("", "—"), *Project.Repayment.choices], required=False)
    security_kinds = forms.MultipleChoiceField(
        label=_("Kinds of security"),
        choices=Project.SecurityKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_fully_margined = forms.BooleanField(label=_("Covered by cash margin in full"), required=False)
    draw_months = forms.IntegerField(
        label=_("Draw-down period"), required=False, widget=AmountInput({"maxlength": "3"})
    )
    validity_months = forms.IntegerField(
        label=_("Validity of the approval"), required=False, widget=AmountInput({"maxlength": "2"})
    )
    term_reason = forms.CharField(
        label=_("Reason for the longer term"),
        max_length=500,
        required=False,
        help_text=_("Required above the normal term of the product."),
    )
    sector_reason = forms.CharField(
        label=_("Reason for a sector outside the client's industry"),
        max_length=500,
        required=False,
        help_text=_("Required when the sector is unusual for the client; every reviewer sees it."),
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3, "maxlength": "2000"}),
        help_text=_("At least 10 characters before submission."),
    )
    lead = PickerField(
        Person.objects.filter(is_active=True),
        label=_("Lead investigator"),
        url_name="projects:investigator_picker",
        query="part=lead",
        required=False,
        help_text=_("Must be an account manager. Both investigators are required before submission."),
    )
    assistant = PickerField(
        Person.objects.filter(is_active=True),
        label=_("Assistant investigator"),
        url_name="projects:investigator_picker",
        query="part=assistant",
        required=False,
        help_text=_("Must be another person: an assistant investigator or an account manager."),
    )

    confirm_same_project = forms.BooleanField(
        label=_("This is a different project of the same client"), required=False, widget=forms.HiddenInput
    )

    def ask_same_project(self) -> None:
        """Show the box that answers "this client already has a similar project"."""
        self.fields["confirm_same_project"].widget = forms.CheckboxInput()

    def __init__(self, *args: Any, viewer: Viewer, known: Catalogue, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = [("", "—"), *known.products.items()]  # type: ignore[attr-defined]
        self.fields["sector"].choices = [("", "—"), *known.sectors.items()]  # type: ignore[attr-defined]
        self.fields["currency"].choices = list(known.currencies.items())  # type: ignore[attr-defined]
        if is_new:
            self.fields["client"].queryset = Client.objects.visible_to(viewer, "change")  # type: ignore[attr-defined]
        else:
            del self.fields["client"]


class DocumentForm(forms.Form):
    """A file for the deal. The title is the file's name unless one is typed."""

    file = forms.FileField(label=_("File"), allow_empty_file=True)
    kind = forms.ChoiceField(label=_("Kind of document"), choices=[("", "—"), *ProjectDocument.Kind.choices])
    title = forms.CharField(
        label=_("Title"), max_length=120, required=False, help_text=_("Leave empty to use the file name.")
    )
    replaces = forms.ModelChoiceField(
        ProjectDocument.objects.none(),
        label=_("New version of"),
        required=False,
        empty_label=_("no, a further document"),
    )

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replaces"].queryset = documents  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """Why a draft is given up."""

    reason = forms.CharField(
        label=_("Why you withdraw it"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3, "maxlength": "500"}),
    )


class RemoveForm(forms.Form):
    """Nothing to fill in: the button is the question."""


class SignForm(forms.Form):
    """The signature under the report as it was read."""

    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    seen = forms.BooleanField(
        label=_("I took part in the investigation, have read this report and stand by it."),
    )
