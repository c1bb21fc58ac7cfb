"""The pages of interactions: list, the short form, one interaction and its acts, the client's panel."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import CHANGE
from clients.relations import selectors, services
from clients.relations.filters import InteractionFilter
from clients.relations.forms import (
    CancelForm,
    CorrectForm,
    HeldForm,
    InteractionForm,
    MinutesForm,
    NoteForm,
    PromiseForm,
    SettleForm,
)
from clients.relations.models import Interaction, Promise
from clients.relations.policies import CORRECT, SETTLE, WORK
from clients.relations.rules.timing import FURTHEST
from clients.relations.services.duties import minutes_due
from clients.relations.services.interactions import may_still_correct
from clients.relations.tables import InteractionTable
from clients.relations.workflow import INTERACTION, PROMISE, select_interactions, select_promises
from crm.kernel.access.errors import DomainError
from crm.kernel.web.fragments import KernelPanelView
from crm.kernel.web.views import (
    KernelActionView,
    KernelCreateView,
    KernelDetailView,
    KernelListView,
    KernelUpdateView,
    KernelView,
)
from crm.kernel.workdays import clock

MENU = "interactions"
TITLE = _("Interactions")
CRUMB = (TITLE, reverse_lazy("clients:interaction_list"))
HALVES = {"starts_at": "half", "kind": "half", "next_what": "two-thirds", "next_on": "third"}
FORM = "clients/relations/form.html"
MORNING = time(9)


def read_day(text: str) -> date | None:
    """The day from today on that an address names; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if clock.today() <= day <= clock.today() + FURTHEST else None


class InteractionList(KernelListView):
    """Interactions with the clients one may see."""

    model = Interaction
    menu = MENU
    title = TITLE
    noun = _("interactions")
    selector = staticmethod(selectors.interaction_list)
    filterset_class = InteractionFilter
    table_class = InteractionTable
    template_name = "clients/relations/list.html"
    search_label = _("Client's name or code")
    create_url_name = "clients:interaction_create"
    create_label = _("Record an interaction")
    empty_title = _("No interactions yet")
    empty_text = _("Visits, calls, meetings and messages with clients appear here once they are recorded or planned.")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        mine = "?person=me"
        chosen = self.request.GET.get("person")
        tabs = [
            {"text": _("My interactions"), "href": mine, "current": chosen in ("me", str(self.person.pk))},
            {"text": _("All I can view"), "href": self.request.path, "current": not chosen},
        ]
        return super().get_context_data(tabs=tabs, **extra)


class InteractionCreate(KernelCreateView):
    """The short form: with whom, how, when, what was said, what comes next."""

    model = Interaction
    menu = MENU
    form_class = InteractionForm
    template_name = FORM
    title = _("Record an interaction")
    submit_label = _("Save the interaction")
    success_message = _("The interaction is saved.")
    crumbs = (CRUMB,)
    cancel_url = reverse_lazy("clients:interaction_list")
    layout = HALVES
    draft = True

    def get_initial(self) -> dict[str, Any]:
        """A link from the client's page names the client, one from the calendar the day; else the time is now."""
        initial: dict[str, Any] = {"starts_at": clock.now(), "state": Interaction.State.HELD}
        day = read_day(self.request.GET.get("day", ""))
        if day is not None:
            begins = max(clock.now() + timedelta(hours=1), datetime.combine(day, MORNING, clock.SHANGHAI))
            initial |= {"starts_at": begins.replace(minute=0), "state": Interaction.State.PLANNED}
        asked = self.request.GET.get("client", "")
        if asked.isascii() and asked.isdigit() and len(asked) < 19:
            rows = Client.objects.visible_to(self.person, CHANGE).select_related("owner")
            initial["client"] = rows.filter(pk=asked).first()
        return initial

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.person}

    def perform(self, form: InteractionForm) -> Interaction:
        return services.interaction_record(by=self.person, **form.cleaned_data)

    def form_refused(self, form: InteractionForm, error: DomainError) -> HttpResponse:
        """The form has one promise: what is wrong with the first stands beside its fields."""
        first = "promises.0."
        error.errors = {name.replace(first, "promise_", 1): texts for name, texts in error.errors.items()}
        return super().form_refused(form, error)


class _InteractionPage(KernelView):
    """What the pages about one interaction share."""

    model = Interaction
    menu = MENU

    def get_object(self, queryset: Any = None) -> Interaction:
        return self.ask_object(select_interactions())  # type: ignore

    def get_crumbs(self) -> Any:
        client = self.object.client  # type: ignore[attr-defined]
        return (CRUMB, (client.name, client.get_absolute_url()))


class InteractionDetail(_InteractionPage, KernelDetailView):
    """One interaction: who, when, what was said, what was decided and promised, what was added."""

    also_asked = (WORK, CORRECT)
    template_name = "clients/relations/detail.html"

    def get_object(self, queryset: Any = None) -> Interaction:
        return self.ask_object(selectors.with_parts(select_interactions(), settler=self.person))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        row = self.object
        participants = list(row.participants.all())
        works = self.may(WORK, row)
        may = {code: works and INTERACTION.is_possible(code, row) for code in ("hold", "cancel", "note", "promise")}
        settle = [(one, PROMISE.is_possible("settle", one) and one.may_settle) for one in row.promises.all()]
        shown = {
            "row": row,
            "ours": [line for line in participants if line.person_id],
            "theirs": [line for line in participants if not line.person_id],
            "may": may,
            "may_write": works and row.lacks_minutes,
            "may_correct": self.may(CORRECT, row) and may_still_correct(row),
            "minutes_due": minutes_due(row) if row.lacks_minutes else None,
            "promises": settle,
            "clashes": selectors.clashes_of(row) if row.state == Interaction.State.PLANNED else (),
        }
        return super().get_context_data(**shown, **extra)


class _HeldPage(_InteractionPage):
    """The form over what is known of an interaction."""

    template_name = FORM
    layout = HALVES
    draft = True

    def get_initial(self) -> dict[str, Any]:
        row: Interaction = self.object  # type: ignore[attr-defined]
        lines = list(row.participants.select_related("person", "contact"))
        return {
            **{name: getattr(row, name) for name in CorrectForm.base_fields if hasattr(row, name)},
            "contacts": [line.contact for line in lines if line.contact],
            "people": [line.person for line in lines if line.person and line.person_id != self.person.pk],
            "guests": "，".join(line.name for line in lines if not (line.person_id or line.contact_id)),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who took part already can be ticked again."""
        kwargs = super().get_form_kwargs()  # type: ignore[misc]
        row: Interaction = self.object  # type: ignore[attr-defined]
        initial = kwargs.get("initial") or {"people": self.get_initial()["people"]}
        return {**kwargs, "initial": initial, "viewer": self.person, "client": row.client}


class InteractionHold(_HeldPage, KernelActionView):
    """What came of a planned interaction."""

    action = WORK
    form_class = HeldForm
    title = _("Record what came of it")
    submit_label = _("Save as held")
    success_message = _("The interaction is recorded as held.")

    def get_initial(self) -> dict[str, Any]:
        """As planned; one that took place earlier than planned began now, and its end is not known."""
        initial, now = _HeldPage.get_initial(self), clock.now()
        ends_at = initial["ends_at"] if initial["ends_at"] and initial["ends_at"] <= now else None
        return {**initial, "starts_at": min(initial["starts_at"], now), "ends_at": ends_at}

    def perform(self, form: HeldForm) -> Interaction:
        given = dict(form.cleaned_data)
        return services.interaction_hold(
            interaction=self.object, expected_version=self.expected_version, by=self.person, **given
        )


class InteractionCorrect(_HeldPage, KernelUpdateView):
    """Correct what one recorded, within the days of the parameter."""

    action = CORRECT
    form_class = CorrectForm
    title = _("Correct the interaction")
    success_message = _("The interaction is corrected; the former text stays in the history.")

    def get_initial(self) -> dict[str, Any]:
        return _HeldPage.get_initial(self)

    def perform(self, form: CorrectForm) -> Interaction:
        changes = dict(form.cleaned_data)
        return services.interaction_correct(
            interaction=self.object, changes=changes, expected_version=self.expected_version, by=self.person
        )


class InteractionCancel(_InteractionPage, KernelActionView):
    """A planned interaction does not take place."""

    action = WORK
    form_class = CancelForm
    title = _("Cancel the interaction")
    submit_label = _("Cancel the interaction")
    success_message = _("The interaction is cancelled.")

    def perform(self, form: CancelForm) -> Interaction:
        reason = form.cleaned_data["reason"]
        return services.interaction_cancel(
            interaction=self.object, reason=reason, expected_version=self.expected_version, by=self.person
        )


class InteractionMinutes(_InteractionPage, KernelActionView):
    """Write the minutes."""

    action = WORK
    form_class = MinutesForm
    title = _("Write the minutes")
    submit_label = _("Save the minutes")
    success_message = _("The minutes are saved.")
    draft = True

    def perform(self, form: MinutesForm) -> Interaction:
        return services.minutes_write(
            interaction=self.object, expected_version=self.expected_version, by=self.person, **form.cleaned_data
        )


class InteractionNoteAdd(_InteractionPage, KernelActionView):
    """Add to what was recorded."""

    action = WORK
    form_class = NoteForm
    title = _("Add a note")
    submit_label = _("Add the note")
    success_message = _("The note is added.")
    consequence = _("What was recorded stays as it is; your note stands below it with name and time.")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{**extra, "version": None})

    def perform(self, form: NoteForm) -> Interaction:
        return services.note_add(interaction=self.object, by=self.person, **form.cleaned_data).interaction


class InteractionPromise(_InteractionPage, KernelActionView):
    """Promise something as part of an interaction."""

    action = WORK
    form_class = PromiseForm
    title = _("Add a promise")
    submit_label = _("Add the promise")
    success_message = _("The promise is saved as a to-do.")

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.person}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{**extra, "version": None})

    def perform(self, form: PromiseForm) -> Interaction:
        return services.promise_add(interaction=self.object, by=self.person, **form.cleaned_data).interaction


class PromiseSettle(KernelActionView):
    """A promise was kept, or is dropped."""

    model = Promise
    menu = MENU
    action = SETTLE
    form_class = SettleForm
    title = _("Settle the promise")
    submit_label = _("Settle the promise")
    success_message = _("The promise is settled.")

    def get_object(self, queryset: Any = None) -> Promise:
        return self.ask_object(select_promises())

    def get_crumbs(self) -> Any:
        row = self.object.interaction
        return (CRUMB, (str(row), row.get_absolute_url()))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{**extra, "version": None})

    def perform(self, form: SettleForm) -> Promise:
        return services.promise_settle(promise=self.object, by=self.person, **form.cleaned_data)


class ClientInteractions(KernelPanelView):
    """On the client's page: the next contact, what is planned, the last interactions."""

    model = Client
    template_name = "clients/relations/_panel.html"
    list_url_name = "clients:interaction_list"
    list_filter = "client"
    also_asked = (CHANGE,)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        shown = {
            "contacting": selectors.contacting_of(self.object),
            "may_record": self.may(CHANGE, self.object),
            "record_url": f"{reverse('clients:interaction_create')}?client={self.object.pk}",
            "list_url": f"{reverse('clients:interaction_list')}?client={self.object.pk}",
        }
        return super().get_context_data(client=self.object, **shown, **extra)
