"""The client's pages: declarations over selectors and services."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.file import policies, selectors, services
from clients.file.filters import ME, ClientFilter
from clients.file.forms import (
    SIDE_BY_SIDE,
    ClientEditForm,
    ClientForm,
    CoManagerForm,
    ConfirmForm,
    ReassignForm,
)
from clients.file.models import Client, Industry, Region
from clients.file.services.codes import CodeAnswers
from clients.file.tables import ClientTable
from crm.kernel.access.errors import Conflict, DomainError
from crm.kernel.attachments.views import KernelFileView
from crm.kernel.people.roles import Role
from crm.kernel.web.fragments import KernelPickerView
from crm.kernel.web.views import (
    KernelActionView,
    KernelCreateView,
    KernelDetailView,
    KernelListView,
    KernelUpdateView,
    KernelView,
)

Crumbs = list[tuple[Any, str]]


class ClientPage(KernelView):
    """What the pages of this wing share."""

    model: Any = Client
    menu = "clients"

    def get_crumbs(self) -> Crumbs:
        crumbs: Crumbs = [(_("Clients"), reverse("clients:client_list"))]
        shown = getattr(self, "object", None)
        if shown is not None and self.action != "view":
            crumbs.append((shown, shown.get_absolute_url()))
        return crumbs


class ClientList(KernelListView):
    model = Client
    menu = "clients"
    title = _("Clients")
    selector = selectors.client_list
    filterset_class = ClientFilter
    table_class = ClientTable
    template_name = "clients/client_list.html"
    search_label = _("Name or code")
    create_url_name = "clients:client_create"
    create_label = _("New client")
    empty_title = _("No clients yet")
    empty_text = _("Clients you manage or co-manage appear here, with grade, exposure and account manager.")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        mine, chosen = f"?owner={ME}", self.request.GET.get("owner")
        tabs = [
            {"text": _("My clients"), "href": mine, "current": chosen in (ME, str(self.person.pk))},
            {"text": _("All I can view"), "href": self.request.path, "current": not chosen},
        ]
        return super().get_context_data(tabs=tabs, **extra)


class ClientDetail(ClientPage, KernelDetailView):
    """Who, how good, how exposed, what is missing, with whom we talk; projects and reviews come as panels."""

    template_name = "clients/client_detail.html"
    query_budget = 12
    also_asked = (policies.CORRECT, policies.CHANGE, policies.REASSIGN, policies.SHARE, policies.REVEAL)

    def get_object(self, queryset: Any = None) -> Client:
        return self.ask_object(selectors.shown_clients())

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        client = self.object
        contacts = selectors.contacts_of(client)
        return super().get_context_data(
            client=client,
            standing=getattr(client, "standing", None),
            contacts=contacts,
            plain_facts=selectors.plain_facts(client),
            co_managers=selectors.co_managers(client),
            completeness=selectors.completeness(client, contacts),
            may={action: self.may(action, client) for action in self.also_asked},
            **extra,
        )


class AsksBack:
    """A form that shows, once the service asks: the box "it is another client of the same name", the questions about
    a credit code."""

    def form_refused(self, form: Any, error: DomainError) -> HttpResponse:
        if isinstance(error, Conflict) and error.code == "same_name":
            form.ask_same_name()
        if error.code == "identity_number":
            form.ask_code_confirmed()
        if error.code == "code_check_character" or {"code_reason", "code_paper"} & set(error.errors):
            form.ask_code_reason()
        return super().form_refused(form, error)  # type: ignore[misc]


class ClientCreate(AsksBack, ClientPage, KernelCreateView):
    form_class = ClientForm
    template_name = "clients/client_form.html"
    layout = dict.fromkeys(SIDE_BY_SIDE, "half")
    title = _("New client")
    submit_label = _("Register client")
    success_message = _("The client is registered.")
    cancel_url = ""
    draft = True

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "may_assign": self.person.has_role(Role.DEPARTMENT_HEAD)}

    def get_cancel_url(self) -> str:
        return reverse("clients:client_list")

    def perform(self, form: Any) -> Client:
        given = dict(form.cleaned_data)
        return services.client_create(answers=CodeAnswers.taken_from(given), **given, by=self.person)


class ClientUpdate(AsksBack, ClientPage, KernelUpdateView):
    action = policies.CORRECT
    also_asked = (policies.CHANGE,)
    form_class = ClientEditForm
    template_name = "clients/client_edit.html"
    title = _("Edit details")
    success_message = _("The details are updated.")
    layout = dict.fromkeys(SIDE_BY_SIDE, "half")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "is_individual": self.object.is_individual,
            "is_bound": self.object.is_identity_bound,
            "reference_only": not self.may(policies.CHANGE, self.object),
        }

    def perform(self, form: Any) -> Client:
        changes = dict(form.cleaned_data)
        answers = CodeAnswers.taken_from(changes)
        confirmed = changes.pop("confirm_same_name", False)
        return services.client_update(
            client=self.object,
            changes=changes,
            expected_version=self.expected_version,
            confirm_same_name=confirmed,
            answers=answers,
            by=self.person,
        )


class CodePaper(ClientPage, KernelFileView):
    """The certificate of a credit code that deviates."""

    file_field = "code_paper"
    read_act = "client.certificate_downloaded"


class ClientConfirm(ClientPage, KernelActionView):
    action = policies.CHANGE
    form_class = ConfirmForm
    template_name = "clients/client_confirm.html"
    title = _("Verify details")
    submit_label = _("The details are correct as of today")
    success_message = _("The details are verified as of today.")
    consequence = _("The update period restarts today; a warning about it returns to normal overnight.")

    def get_initial(self) -> dict[str, Any]:
        return {"source": self.object.confirmed_source}

    def perform(self, form: Any) -> Client:
        return services.client_confirm(
            client=self.object,
            source=form.cleaned_data["source"],
            expected_version=self.expected_version,
            by=self.person,
        )


class ClientReassign(ClientPage, KernelActionView):
    action = policies.REASSIGN
    form_class = ReassignForm
    title = _("Hand over to…")
    submit_label = _("Hand over the client")
    success_message = _("The client has been handed over.")
    consequence = _(
        "The current account manager loses access immediately; the client moves to the new account manager's "
        "department."
    )

    def perform(self, form: Any) -> Client:
        owner = form.cleaned_data["owner"]
        return services.client_reassign(
            client=self.object, owner=owner, expected_version=self.expected_version, by=self.person
        )

    def get_success_url(self) -> str:
        """The head may have given it out of their own sight."""
        seen = Client.objects.visible_to(self.person).filter(pk=self.result.pk).exists()
        return self.result.get_absolute_url() if seen else reverse("clients:client_list")


class CoManagerAdd(ClientPage, KernelActionView):
    action = policies.SHARE
    form_class = CoManagerForm
    template_name = "clients/co_managers.html"
    title = _("Co-managers")
    submit_label = _("Add as co-manager")
    success_message = _("The co-manager is added.")
    consequence = _("A co-manager can view and edit this client like its account manager.")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(co_managers=selectors.co_managers(self.object), **extra)

    def perform(self, form: Any) -> Client:
        return services.co_manager_add(client=self.object, person=form.cleaned_data["person"], by=self.person)

    def get_success_url(self) -> str:
        return self.request.path


class CodeCheck(ClientPage):
    """The credit code while it is typed: mistake, warning, or the client that has it already."""

    action = "create"
    template_name = "clients/_code_check.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        check = services.code_check(text=request.POST.get("credit_code", ""), by=self.person)
        return self.render_to_response(self.get_context_data(check=check))


class IndustryPicker(KernelPickerView):
    model = Client

    def get_rows(self, text: str) -> Iterable[Industry]:
        return selectors.industry_search(text=text)

    def get_hint(self, row: Industry) -> str:
        return row.section


class RegionPicker(KernelPickerView):
    model = Client

    def get_rows(self, text: str) -> Iterable[Region]:
        return selectors.region_search(text=text)

    def get_hint(self, row: Region) -> str:
        return row.parent.name if row.parent else ""


class ClientPicker(KernelPickerView):
    """Visible clients for the forms of other modules."""

    model = Client

    def get_rows(self, text: str) -> Iterable[Client]:
        return selectors.client_search(viewer=self.person, text=text, limit=20)

    def get_hint(self, row: Client) -> str:
        return " · ".join(filter(None, (row.credit_code, row.department.name, row.region.name if row.region else "")))
