"""The forms of interactions: what is needed in thirty seconds first, the rest folded. The services judge."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.file.models import Client, Contact
from clients.file.policies import CHANGE
from clients.relations.models import Interaction, Promise
from clients.relations.selectors import team_of
from crm.kernel.people.models import Person
from crm.kernel.web.pickers import PickerField
from crm.kernel.web.widgets import DayInput
from crm.kernel.workdays import clock

STATES = [(state, state.label) for state in (Interaction.State.HELD, Interaction.State.PLANNED)]
OUTCOMES = [(state, state.label) for state in (Promise.State.KEPT, Promise.State.DROPPED)]


class MomentInput(forms.DateTimeInput):
    """A day and a time, with the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def long_text(label: Any, rows: int, most: int, **kwargs: Any) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea({"rows": rows, "maxlength": str(most)})
    return forms.CharField(label=label, max_length=most, widget=widget, **{"required": False, **kwargs})


class HeldForm(forms.Form):
    """What came of an interaction with a client that is known: the form of one that was planned or is corrected."""

    MORE: tuple[str, ...] = ("ends_at", "place", "link", "people", "colleague", "guests", "needs", "decisions")

    kind = forms.ChoiceField(label=_("Kind"), choices=Interaction.Kind.choices)
    starts_at = forms.DateTimeField(label=_("begins at"), widget=MomentInput())
    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(), label=_("Who took part"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = long_text(_("what was said"), 4, 4000)
    next_what = forms.CharField(label=_("next step"), max_length=120, required=False)
    next_on = forms.DateField(label=_("next contact on"), required=False, widget=DayInput())
    ends_at = forms.DateTimeField(label=_("ends at"), required=False, widget=MomentInput())
    place = forms.CharField(label=_("place"), max_length=120, required=False)
    link = forms.CharField(label=_("meeting link"), max_length=300, required=False)
    people = forms.ModelMultipleChoiceField(
        Person.objects.filter(is_active=True),
        label=_("Our participants"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    colleague = PickerField(
        Person.objects.filter(is_active=True),
        label=_("Another colleague"),
        url_name="person_picker",
        required=False,
    )
    guests = forms.CharField(
        label=_("Other participants"), max_length=4000, required=False, help_text=_("Names, separated by commas.")
    )
    needs = long_text(_("opinions and needs"), 2, 2000)
    decisions = long_text(pgettext_lazy("interaction", "decisions"), 2, 2000)

    def __init__(self, *args: Any, viewer: Person, client: Client | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.offer(client)

    def offer(self, client: Client | None) -> None:
        """The contacts and the team of the client to tick; nothing to tick where there are none."""
        fields: dict[str, Any] = self.fields
        fields["contacts"].queryset = Contact.objects.filter(client=client)
        team = [] if client is None else [person for person in team_of(client) if person.pk != self.viewer.pk]
        known = {person.pk: person for person in [*team, *(self.initial.get("people") or [])]}
        fields["people"].choices = [(pk, person.name) for pk, person in known.items()]
        for name, rows in (("contacts", fields["contacts"].queryset), ("people", known)):
            if not rows:
                del self.fields[name]

    @property
    def main(self) -> list[Any]:
        """What everybody fills in."""
        return [self[name] for name in self.fields if name not in self.MORE]

    @property
    def more(self) -> list[Any]:
        """What is folded."""
        return [self[name] for name in self.MORE if name in self.fields]

    @property
    def has_more(self) -> bool:
        """Whether something folded is filled in or wrong: then it is unfolded."""
        return any(field.errors or field.value() for field in self.more)

    def clean(self) -> dict[str, Any]:
        """The lists of participants as the services take them."""
        given = super().clean() or {}
        colleague = given.pop("colleague", None)
        people = [*(given.pop("people", None) or []), *([colleague] if colleague else [])]
        names = str(given.pop("guests", "")).replace("，", ",").replace("、", ",")
        return {
            **given,
            "contacts": list(given.get("contacts") or []),
            "people": people,
            "guests": [name.strip() for name in names.split(",") if name.strip()],
        }


class InteractionForm(HeldForm):
    """A new one: with whom, held or planned, and what was promised."""

    MORE = (*HeldForm.MORE, "promise_what", "promise_owner", "promise_due_on")

    client = PickerField(Client.objects.none(), label=_("Client"), url_name="clients:client_picker")
    state = forms.ChoiceField(label=_("Status"), choices=STATES, widget=forms.RadioSelect)
    purpose = forms.CharField(label=_("purpose"), max_length=120, required=False)
    promise_what = forms.CharField(label=_("what was promised"), max_length=200, required=False)
    promise_owner = PickerField(
        Person.objects.filter(is_active=True),
        label=_("who does it"),
        url_name="person_picker",
        required=False,
        help_text=_("Empty: you."),
    )
    promise_due_on = forms.DateField(label=_("promised for"), required=False, widget=DayInput())
    field_order = ("client", "state", "kind", "starts_at", "purpose", "contacts", "words", "next_what", "next_on")

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        chosen = (kwargs.get("initial") or {}).get("client")
        data = args[0] if args else kwargs.get("data")
        rows: QuerySet[Client] = Client.objects.visible_to(viewer, CHANGE).select_related("owner")
        key = str(data.get("client", "")) if data is not None else ""
        if key.isascii() and key.isdigit() and len(key) < 19:
            chosen = rows.filter(pk=key).first()
        super().__init__(*args, viewer=viewer, client=chosen, **kwargs)
        self.fields["client"].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The promise, if there is one, as the service takes it."""
        given = super().clean()
        what, due_on = given.pop("promise_what", ""), given.pop("promise_due_on", None)
        owner = given.pop("promise_owner", None) or self.viewer
        if what and not due_on and "promise_due_on" not in self.errors:
            self.add_error("promise_due_on", _("Enter the day it is promised for."))
        if due_on and not what:
            self.add_error("promise_what", _("Enter what was promised."))
        promises = [{"what": what, "owner": owner, "due_on": due_on}] if what and due_on else []
        return {**given, "promises": promises}


class CorrectForm(HeldForm):
    """The same fields of one that is recorded."""

    MORE = (*HeldForm.MORE, "purpose")

    purpose = forms.CharField(label=_("purpose"), max_length=120, required=False)


class MinutesForm(forms.Form):
    """The minutes of an interaction that was held."""

    words = long_text(_("what was said"), 8, 4000, required=True)
    needs = long_text(_("opinions and needs"), 3, 2000)
    decisions = long_text(pgettext_lazy("interaction", "decisions"), 3, 2000)


class CancelForm(forms.Form):
    """Why it does not take place."""

    reason = forms.CharField(label=_("reason for cancelling"), max_length=200)


class NoteForm(forms.Form):
    """What is added."""

    text = long_text(_("addition"), 4, 2000, required=True)


class PromiseForm(forms.Form):
    """What was promised, who does it, until when."""

    what = forms.CharField(label=_("what was promised"), max_length=200)
    owner = PickerField(Person.objects.filter(is_active=True), label=_("who does it"), url_name="person_picker")
    due_on = forms.DateField(label=_("promised for"), widget=DayInput(), initial=clock.today)


class SettleForm(forms.Form):
    """What became of a promise."""

    state = forms.ChoiceField(label=_("Status"), choices=OUTCOMES, widget=forms.RadioSelect)
    outcome = forms.CharField(
        label=_("what became of it"), max_length=200, help_text=_("What the client received, or why it is dropped.")
    )
