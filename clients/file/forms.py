"""Shapes of the client pages. What the shapes do not say, the services refuse."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client, ClientSize, ClientType, Contact, Industry, Region
from clients.file.services.clients import REFERENCE_FACTS
from crm.kernel.people.models import Person
from crm.kernel.web.pickers import PickerField

# Short fields stand two in a row; what takes a longer text has a row of its own.
SHORT = 60
SIDE_BY_SIDE = tuple(
    name for name in Client.FACTS[1:] if (getattr(Client._meta.get_field(name), "max_length", None) or SHORT) <= SHORT
)

# What is asked about a credit code.
QUESTIONS = ("code_reason", "code_paper", "confirm_code")

# The browser asks for the check half a second after the last key (templates/clients/client_form.html).
CODE_CHECK = {
    "hx-post": reverse_lazy("clients:code_check"),
    "hx-trigger": "input changed delay:500ms",
    "hx-target": "#code-check",
    "hx-swap": "innerHTML",
    "class": "code",
    "autocomplete": "off",
    "spellcheck": "false",
}


def _text(model: Any, name: str, *, required: bool = False, help_text: Any = "", **attrs: Any) -> forms.CharField:
    """A text field bounded as the model's is."""
    field = model._meta.get_field(name)
    return forms.CharField(
        label=capfirst(field.verbose_name),
        max_length=field.max_length,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs=attrs),
    )


def _form_field(model: Any, name: str) -> Any:
    """The form field that the model's field makes of itself."""
    return model._meta.get_field(name).formfield()


# The plain facts as the model's fields make them: label, length, required or not.
PlainFacts: Any = type("PlainFacts", (forms.Form,), {name: _form_field(Client, name) for name in Client.PLAIN_FACTS})


class FactsForm(PlainFacts):
    """What is known of a client besides name and number."""

    industry = PickerField(
        Industry.objects.all(),
        label=_("Industry"),
        required=False,
        url_name="clients:industry_picker",
        placeholder=_("Code or name, GB/T 4754"),
    )
    region = PickerField(
        Region.objects.all(),
        label=_("Region"),
        required=False,
        url_name="clients:region_picker",
        placeholder=_("Code or name, GB/T 2260"),
    )
    size = forms.ChoiceField(label=_("Size"), required=False, choices=[("", "—"), *ClientSize.choices])

    def plain_facts(self) -> list[forms.BoundField]:
        """The fields of the plain facts that this form has."""
        return [self[name] for name in Client.PLAIN_FACTS if name in self.fields]


class CodeQuestions(forms.Form):
    """The questions about a credit code, shown once the service asks: why it deviates, or that it is no person's."""

    code_reason = forms.CharField(
        label=_("Reason for the deviating code"),
        max_length=500,
        required=False,
        help_text=_("Only if the certificate shows exactly this code; at least 10 characters. The code is marked."),
        widget=forms.HiddenInput,
    )
    code_paper = forms.FileField(label=_("Certificate that shows the code"), required=False, widget=forms.HiddenInput)
    confirm_code = forms.BooleanField(
        label=_("The certificate shows this number as a credit code"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A question that was answered stays on the page when something else is refused.
        if self.data.get("code_reason") or self.files.get("code_paper"):
            self.ask_code_reason()
        if self.data.get("confirm_code"):
            self.ask_code_confirmed()

    def ask_code_reason(self) -> None:
        """Show reason and certificate."""
        self.fields["code_reason"].widget = forms.TextInput(attrs={"maxlength": 500})
        self.fields["code_paper"].widget = forms.ClearableFileInput()

    def ask_code_confirmed(self) -> None:
        """Show the box that answers "this is also a valid identity number"."""
        self.fields["confirm_code"].widget = forms.CheckboxInput()


class ClientForm(CodeQuestions, FactsForm):
    """A new client."""

    client_type = forms.ChoiceField(
        label=_("Client type"), choices=ClientType.choices, initial=ClientType.COMPANY, widget=forms.RadioSelect
    )
    # Longer than a code: people paste blanks and full-width characters, the service takes them out.
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=CODE_CHECK),
    )
    identity_number = forms.CharField(
        label=_("Identity number"),
        max_length=60,
        required=False,
        help_text=_("Stored encrypted; shown masked"),
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off", "spellcheck": "false"}),
    )
    name = _text(Client, "name", required=True, help_text=_("As on the business licence"))
    confirmed_on = forms.DateField(
        label=_("Details verified on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    confirmed_source = _text(
        Client, "confirmed_source", help_text=_("Register or document, such as the business licence")
    )
    owner = PickerField(
        Person.objects.filter(is_active=True),
        label=_("Account manager"),
        required=False,
        url_name="person_picker",
        help_text=_("Leave empty for yourself"),
    )
    confirm_same_name = forms.BooleanField(
        label=_("This is a different client with the same name"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, may_assign: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_assign:
            del self.fields["owner"]

    def ask_same_name(self) -> None:
        """Show the box that answers "a client of this name is on file already"."""
        self.fields["confirm_same_name"].widget = forms.CheckboxInput()


class ClientEditForm(CodeQuestions, FactsForm):
    """A client's facts; who only keeps the reference facts sees only those."""

    name = _text(Client, "name", required=True)
    client_type = forms.ChoiceField(label=_("Client type"), choices=ClientType.choices)
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off", "spellcheck": "false"}),
    )
    confirm_same_name = forms.BooleanField(
        label=_("This is a different client with the same name"), required=False, widget=forms.HiddenInput
    )
    field_order = ("name", "client_type", "credit_code", *QUESTIONS, *Client.FACTS[3:])

    def __init__(
        self, *args: Any, is_individual: bool, reference_only: bool, is_bound: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        dropped = {*Client.FACTS_OF_ORGANISATIONS, *QUESTIONS} if is_individual else set()
        if is_bound:
            # Changed by two people, on a page of their own.
            dropped |= {"name", "client_type", "credit_code", "confirm_same_name", *QUESTIONS}
        if reference_only:
            dropped |= set(self.fields) - REFERENCE_FACTS
        for name in dropped & set(self.fields):
            del self.fields[name]

    ask_same_name = ClientForm.ask_same_name


class ContactForm(forms.Form):
    """A contact. On an edit, an empty mobile or e-mail keeps what is stored: the form does not show it."""

    name = _text(Contact, "name", required=True)
    title = _text(Contact, "title")
    mobile = _text(Contact, "mobile", inputmode="tel")
    email = forms.EmailField(label=_("E-mail"), max_length=120, required=False)
    is_primary = forms.BooleanField(label=_("Main contact"), required=False)
    confirm_same_contact = forms.BooleanField(
        label=_("This is another person"), required=False, widget=forms.HiddenInput
    )

    def ask_same_contact(self) -> None:
        """Show the box that answers "this client already has such a contact"."""
        self.fields["confirm_same_contact"].widget = forms.CheckboxInput()


class RevealForm(forms.Form):
    """Why a masked field is read."""

    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("At least 4 characters; recorded in the audit trail"),
    )


class ConfirmForm(forms.Form):
    """Against what the facts were held today."""

    source = _text(
        Client, "confirmed_source", required=True, help_text=_("Register or document, such as the business licence")
    )


class ReassignForm(forms.Form):
    """Who takes the client over."""

    owner = PickerField(Person.objects.filter(is_active=True), label=_("New account manager"), url_name="person_picker")


class CoManagerForm(forms.Form):
    """Who joins the owner."""

    person = PickerField(Person.objects.filter(is_active=True), label=_("New co-manager"), url_name="person_picker")


class EmptyForm(forms.Form):
    """An act that needs no input but the version."""
