"""The forms of client requests. The services judge."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.file.models import Client, Contact
from clients.file.policies import CHANGE
from clients.relations.forms import MomentInput, PromiseForm, long_text
from clients.requests.models import ServiceRequest
from clients.requests.policies import DESK
from crm.kernel.people.models import Person
from crm.kernel.web.pickers import PickerField

GOES_TO = [("queue", _("To the queue")), ("me", _("To me"))]
CONTENT = [("yes", _("Satisfied")), ("no", _("Not satisfied"))]


class RequestForm(forms.Form):
    """A new request, short enough for a telephone call."""

    client = PickerField(Client.objects.none(), label=_("Client"), url_name="clients:client_picker")
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("contact"), required=False)
    channel = forms.ChoiceField(label=_("channel"), choices=ServiceRequest.Channel.choices)
    kind = forms.ChoiceField(label=pgettext_lazy("request", "class"), choices=ServiceRequest.Kind.choices)
    words = long_text(pgettext_lazy("request", "what is asked for"), 4, 2000, required=True)
    asked_at = forms.DateTimeField(label=_("asked at"), widget=MomentInput())
    goes_to = forms.ChoiceField(label=_("who handles it"), choices=GOES_TO, widget=forms.RadioSelect)
    answer = long_text(
        pgettext_lazy("request", "answered at once"),
        2,
        2000,
        help_text=_("Empty: the request is still to be answered."),
    )
    again = forms.BooleanField(label=_("The client asks once more: record it again"), required=False)

    def __init__(self, *args: Any, viewer: Person, asks_again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: QuerySet[Client] = Client.objects.visible_to(viewer, "view" if DESK in viewer.roles else CHANGE)
        rows = rows.select_related("owner")
        fields: dict[str, Any] = self.fields
        fields["client"].queryset = rows
        chosen = self.initial.get("client")
        key = str(self.data.get("client", ""))
        if key.isascii() and key.isdigit() and len(key) < 19:
            chosen = rows.filter(pk=key).first()
        contacts = list(Contact.objects.filter(client=chosen)) if chosen is not None else []
        if contacts:
            fields["contact"].queryset = Contact.objects.filter(client=chosen)
        else:
            del self.fields["contact"]
        if not asks_again and not self.data.get("again"):
            fields["again"].widget = forms.HiddenInput()


class WordsForm(forms.Form):
    """A text about the request."""

    words = long_text(_("text"), 4, 2000, required=True)


class AnswerForm(WordsForm):
    """What the client was answered."""

    words = long_text(pgettext_lazy("request", "Answer"), 4, 2000, required=True)


class SolveForm(WordsForm):
    """How it was solved."""

    words = long_text(pgettext_lazy("request", "Solution"), 4, 2000, required=True)


class ReopenForm(WordsForm):
    """Why it is reopened."""

    words = long_text(pgettext_lazy("request", "reason for reopening"), 3, 2000, required=True)


class CloseForm(forms.Form):
    """What the client said at the call-back."""

    words = long_text(pgettext_lazy("request", "what the client said"), 3, 2000, required=True)
    content = forms.ChoiceField(label=_("client is satisfied"), choices=CONTENT, widget=forms.RadioSelect)


class AssignForm(forms.Form):
    """Who handles it from now on."""

    owner = PickerField(Person.objects.filter(is_active=True), label=_("who handles it"), url_name="person_picker")
    words = forms.CharField(label=_("remark"), max_length=200, required=False)


class TakeForm(forms.Form):
    """Nothing to fill in."""


class RequestPromiseForm(PromiseForm):
    """What is promised about the request."""
