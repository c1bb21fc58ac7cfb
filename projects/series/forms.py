"""The forms of series. The services judge."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.file.models import Client, Contact
from clients.file.policies import CHANGE
from clients.relations.selectors import team_of
from crm.kernel.people.models import Person
from crm.kernel.web.pickers import PickerField
from projects.deals.models import Project
from projects.series.models import Series


class _MembersForm(forms.Form):
    """What every series has: when, where, what it speaks about, who must be there."""

    title = forms.CharField(label=_("subject"), max_length=120)
    weekday = forms.TypedChoiceField(
        label=_("weekday"),
        choices=[("", "—"), *Series.Weekday.choices],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Of a weekly meeting only."),
    )
    at = forms.TimeField(label=_("begins at"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    place = forms.CharField(label=_("place"), max_length=120, required=False)
    agenda = forms.CharField(
        label=_("standing agenda"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4, "maxlength": "2000"}),
        help_text=_("One point per line."),
    )
    people = forms.ModelMultipleChoiceField(
        Person.objects.filter(is_active=True),
        label=_("Our required participants"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    colleague = PickerField(
        Person.objects.filter(is_active=True),
        label=_("Executive or another colleague"),
        url_name="person_picker",
        required=False,
        help_text=_("An executive dialogue needs one."),
    )
    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(),
        label=_("The client's required participants"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def offer(self, client: Client | None, known: list[Person]) -> None:
        """The team and the contacts of the client to tick; nothing to tick where there are none."""
        fields: dict[str, Any] = self.fields
        team = [] if client is None else team_of(client)
        people = {person.pk: person for person in [*team, *known]}
        fields["people"].choices = [(pk, person.name) for pk, person in people.items()]
        fields["contacts"].queryset = Contact.objects.filter(client=client)
        for name, rows in (("people", people), ("contacts", fields["contacts"].queryset)):
            if not rows:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The lists of participants as the services take them."""
        given = super().clean() or {}
        colleague = given.pop("colleague", None)
        people = [*(given.get("people") or []), *([colleague] if colleague else [])]
        return {**given, "people": people, "contacts": list(given.get("contacts") or [])}


class SeriesForm(_MembersForm):
    """A new series."""

    client = PickerField(Client.objects.none(), label=_("Client"), url_name="clients:client_picker")
    project = forms.ModelChoiceField(Project.objects.none(), label=_("Project"), required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("series", "kind"), choices=Series.Kind.choices)
    field_order = ("client", "project", "kind", "title", "weekday", "at", "place", "agenda")

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: QuerySet[Client] = Client.objects.visible_to(viewer, CHANGE).select_related("owner")
        chosen = self.initial.get("client")
        key = str(self.data.get("client", ""))
        if key.isascii() and key.isdigit() and len(key) < 19:
            chosen = rows.filter(pk=key).first()
        fields: dict[str, Any] = self.fields
        fields["client"].queryset = rows
        projects = Project.objects.visible_to(viewer).filter(client=chosen) if chosen is not None else None
        if projects is not None and projects.exists():
            fields["project"].queryset = projects.order_by("name")
        else:
            del self.fields["project"]
        self.offer(chosen, [])


class SeriesChangeForm(_MembersForm):
    """The same facts of one that is running."""

    def __init__(self, *args: Any, series: Series, known: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if series.kind != Series.Kind.WEEKLY:
            del self.fields["weekday"]
        self.offer(series.client, known)


class EndForm(forms.Form):
    """Why it ends."""

    reason = forms.CharField(label=_("reason for ending"), max_length=200)


class ArrangeForm(forms.Form):
    """When the meeting begins."""

    starts_at = forms.DateTimeField(
        label=_("begins at"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )


class ExplainForm(forms.Form):
    """Why the meeting was not held."""

    reason = forms.CharField(label=_("why it was not held"), max_length=200)
