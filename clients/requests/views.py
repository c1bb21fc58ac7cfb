"""The pages of client requests: list with measures, the short form, one request and its acts, the client's panel."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import CHANGE
from clients.relations.models import Interaction
from clients.requests import forms, selectors, services
from clients.requests.filters import RequestFilter
from clients.requests.models import ServiceRequest
from clients.requests.policies import ASSIGN, DESK, WORK
from clients.requests.tables import RequestTable
from clients.requests.workflow import REQUEST, select_requests
from crm.kernel.access.errors import DomainError
from crm.kernel.web.fragments import KernelPanelView
from crm.kernel.web.views import (
    KernelActionView,
    KernelCreateView,
    KernelDetailView,
    KernelListView,
    KernelView,
)
from crm.kernel.workdays import clock

MENU = "requests"
TITLE = _("Client requests")
CRUMB = (TITLE, reverse_lazy("clients:request_list"))
# The channel of a request that came up in an interaction.
CHANNELS = {"call": "phone", "email": "email", "wechat": "wechat"}


class RequestList(KernelListView):
    """Requests of the clients one may see, and what the figures say."""

    model = ServiceRequest
    menu = MENU
    title = TITLE
    noun = _("client requests")
    selector = staticmethod(selectors.request_list)
    filterset_class = RequestFilter
    table_class = RequestTable
    template_name = "clients/requests/list.html"
    search_label = _("Client's name or code")
    create_url_name = "clients:request_create"
    create_label = _("Record a request")
    empty_title = _("No requests yet")
    empty_text = _("What clients ask for by telephone, in a meeting or through another system appears here.")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        chosen = self.request.GET
        is_mine = chosen.get("owner") in ("me", str(self.person.pk))
        queued, late = chosen.get("queue") == "true", chosen.get("late") == "true"
        tabs = [
            {"text": _("My requests"), "href": "?owner=me", "current": is_mine},
            {"text": _("In the queue"), "href": "?queue=true", "current": queued},
            {"text": _("First answer overdue"), "href": "?late=true", "current": late},
            {"text": _("All I can view"), "href": self.request.path, "current": not (is_mine or queued or late)},
        ]
        figures = None if self.is_fragment else selectors.measures(viewer=self.person)
        return super().get_context_data(tabs=tabs, figures=figures, **extra)


class RequestCreate(KernelCreateView):
    """The short form, also for a telephone call and from an interaction."""

    model = ServiceRequest
    menu = MENU
    form_class = forms.RequestForm
    title = _("Record a request")
    submit_label = _("Save the request")
    success_message = _("The request is saved.")
    crumbs = (CRUMB,)
    cancel_url = reverse_lazy("clients:request_list")
    layout = {"channel": "half", "kind": "half", "asked_at": "half", "goes_to": "half"}
    draft = True
    asks_again = False

    @cached_property
    def interaction(self) -> Interaction | None:
        """The interaction that the address names."""
        key = _key(self.request.GET.get("interaction", ""))
        if not key:
            return None
        return Interaction.objects.visible_to(self.person).select_related("client__owner").filter(pk=key).first()

    def get_initial(self) -> dict[str, Any]:
        """A link from a client's or an interaction's page names what is known; the time is now."""
        initial: dict[str, Any] = {"asked_at": clock.now(), "goes_to": "queue", "channel": "phone"}
        if self.interaction is not None:
            row = self.interaction
            told = {"client": row.client, "words": row.needs, "asked_at": min(row.starts_at, clock.now())}
            return {**initial, **told, "channel": CHANNELS.get(row.kind, "talk"), "goes_to": "me"}
        if key := _key(self.request.GET.get("client", "")):
            action = "view" if DESK in self.person.roles else CHANGE
            rows = Client.objects.visible_to(self.person, action).select_related("owner")
            initial["client"] = rows.filter(pk=key).first()
        return initial

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.person, "asks_again": self.asks_again}

    def perform(self, form: forms.RequestForm) -> ServiceRequest:
        given = dict(form.cleaned_data)
        is_mine = given.pop("goes_to") == "me"
        return services.request_record(by=self.person, is_mine=is_mine, interaction=self.interaction, **given)

    def form_refused(self, form: forms.RequestForm, error: DomainError) -> HttpResponse:
        """The same request again: the box to confirm it appears."""
        if error.code == "double":
            self.asks_again = True
            form = self.get_form()
            form.full_clean()
        return super().form_refused(form, error)


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


class _RequestPage(KernelView):
    """What the pages about one request share."""

    model = ServiceRequest
    menu = MENU

    def get_object(self, queryset: Any = None) -> ServiceRequest:
        return self.ask_object(select_requests())  # type: ignore

    def get_crumbs(self) -> Any:
        client = self.object.client  # type: ignore[attr-defined]
        return (CRUMB, (client.name, client.get_absolute_url()))


class RequestDetail(_RequestPage, KernelDetailView):
    """One request: what was asked, until when, what was answered and done, step by step."""

    also_asked = (WORK, ASSIGN)
    template_name = "clients/requests/detail.html"

    def get_object(self, queryset: Any = None) -> ServiceRequest:
        return self.ask_object(selectors.with_steps(select_requests().select_related("interaction")))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        row = self.object
        works, assigns = self.may(WORK, row), self.may(ASSIGN, row)
        may = {code: works and REQUEST.is_possible(code, row) for code in REQUEST.by_code}
        may["take"] = may["take"] and row.is_queued
        may["assign"] = assigns and REQUEST.is_possible("assign", row)
        shown = {"row": row, "may": may, "complaint_url": complaint_url() if works else ""}
        return super().get_context_data(**shown, **extra)


def complaint_url() -> str:
    """Where a complaint is recorded; empty where the module is not installed."""
    try:
        return reverse("staff:complaint_receive")
    except NoReverseMatch:
        return ""


class _RequestAct(_RequestPage, KernelActionView):
    """One act with a form of words."""

    action = WORK
    act: ClassVar[str]

    def perform(self, form: Any) -> ServiceRequest:
        call = getattr(services, f"request_{self.act}")
        return call(request=self.object, expected_version=self.expected_version, by=self.person, **form.cleaned_data)


class RequestTake(_RequestAct):
    """Take it from the queue."""

    act = "take"
    form_class = forms.TakeForm
    title = _("Take the request")
    submit_label = _("Take the request")
    success_message = _("The request is yours.")
    consequence = _("You handle it from now on: its first answer is your to-do.")


class RequestAssign(_RequestAct):
    """Give it to a colleague."""

    action = ASSIGN
    act = "assign"
    form_class = forms.AssignForm
    title = _("Assign the request")
    submit_label = _("Assign the request")
    success_message = _("The request is assigned.")


class RequestAnswer(_RequestAct):
    """What the client was answered."""

    act = "answer"
    form_class = forms.AnswerForm
    title = _("Record the answer")
    submit_label = _("Save the answer")
    success_message = _("The answer is saved.")
    draft = True


class RequestSolve(_RequestAct):
    """How it was solved."""

    act = "solve"
    form_class = forms.SolveForm
    title = _("Record the solution")
    submit_label = _("Save as solved")
    success_message = _("The request is solved; call the client back.")
    draft = True


class RequestClose(_RequestAct):
    """The call-back, which closes it."""

    act = "close"
    form_class = forms.CloseForm
    title = _("Record the call-back")
    submit_label = _("Close the request")
    success_message = _("The request is closed.")

    def perform(self, form: Any) -> ServiceRequest:
        words, is_content = form.cleaned_data["words"], form.cleaned_data["content"] == "yes"
        return services.request_close(
            request=self.object,
            words=words,
            is_content=is_content,
            expected_version=self.expected_version,
            by=self.person,
        )


class RequestReopen(_RequestAct):
    """It is not solved after all."""

    act = "reopen"
    form_class = forms.ReopenForm
    title = _("Reopen the request")
    submit_label = _("Reopen the request")
    success_message = _("The request is reopened.")


class RequestPromise(_RequestAct):
    """Promise the client something about it."""

    act = "promise"
    form_class = forms.RequestPromiseForm
    title = _("Make it a promise")
    submit_label = _("Add the promise")
    success_message = _("The promise is saved as a to-do.")
    layout = {"owner": "half", "due_on": "half"}

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.person, "what": self.object.title}


class ClientRequests(KernelPanelView):
    """On the client's page: the last requests."""

    model = Client
    query_budget = 4
    template_name = "clients/requests/_panel.html"
    list_url_name = "clients:request_list"
    list_filter = "client"
    also_asked = (CHANGE,)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        shown = {
            "requests": selectors.requests_of(self.object),
            "may_record": DESK in self.person.roles or self.may(CHANGE, self.object),
            "record_url": f"{reverse('clients:request_create')}?client={self.object.pk}",
            "list_url": f"{reverse('clients:request_list')}?client={self.object.pk}",
        }
        return super().get_context_data(client=self.object, **shown, **extra)
