"""The forms of deals. Shape only: what may be written is judged by the service."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from crm.kernel.access.policies import Viewer
from crm.kernel.people.models import Person
from crm.kernel.web.pickers import PickerField
from crm.kernel.web.widgets import AmountInput
from projects.deals.facts import Catalogue
from projects.deals.models import ProjectDocument
from projects.deals.texts import LONGEST_REASON

SECURED = [("yes", _("Secured")), ("no", _("Unsecured"))]


class MoneyField(forms.DecimalField):
    """An amount in yuan with two decimals; grouping commas and full-width digits are read, 万元 stands beside."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", AmountInput({"data-wan": ""}))
        super().__init__(max_digits=18, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.replace(",", "").replace("，", "").replace(" ", "")
        return super().to_python(value)


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
    total_investment = MoneyField(label=_("Total investment"), required=False)
    capital = MoneyField(
        label=_("Project capital"), required=False, help_text=_("Borrowings and shareholder loans do not count.")
    )
    purpose = forms.CharField(
        label=_("Purpose"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3, "maxlength": "2000"})
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
