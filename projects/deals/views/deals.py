"""The pages of deals: list, board, page, form, documents, and the panel on the client's page."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from crm.kernel.access.checks import require
from crm.kernel.access.errors import BadInput, DomainError
from crm.kernel.people.models import Person
from crm.kernel.people.selectors import person_hint, person_search
from crm.kernel.web.fragments import KernelPanelView, KernelPickerView
from crm.kernel.web.views import (
    Crumb,
    KernelActionView,
    KernelCreateView,
    KernelDetailView,
    KernelListView,
    KernelUpdateView,
    KernelView,
)
from projects.deals import selectors, services
from projects.deals.facts import FACTS, Catalogue, catalogue
from projects.deals.filters import ProjectFilter, catalogue_for
from projects.deals.forms import ProjectForm, WithdrawForm
from projects.deals.investigators import FIT_FOR, LEAD, why_unfit
from projects.deals.models import Investigator, Project, ProjectDocument
from projects.deals.policies import CHANGE, WITHDRAW
from projects.deals.rules.capital import share_cut
from projects.deals.signatures import is_signable, signers_of
from projects.deals.tables import WAITING, ProjectTable, days_left
from projects.deals.texts import describe_terms
from projects.deals.workflow import why_closed, why_no_draft

MENU = "projects"
CRUMB = (_("Projects"), "/projects/")


def ways(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    """The switch between table and board over the same conditions."""
    query = request.GET.copy()
    for name in ("page", "ordering"):
        query.pop(name, None)
    tail = f"?{query.urlencode()}" if query else ""
    shapes: tuple[dict[str, Any], ...] = (
        {"name": "projects:project_board", "text": _("Board"), "icon": "layout-kanban"},
        {"name": "projects:project_list", "text": _("Table"), "icon": "table"},
    )
    return [{**shape, "href": reverse(shape["name"]) + tail, "current": shape["name"] == here} for shape in shapes]


class ProjectList(KernelListView):
    model = Project
    selector = selectors.project_list
    filterset_class = ProjectFilter
    table_class: Any = ProjectTable
    template_name = "projects/project_list.html"
    title = _("Projects")
    menu = MENU
    search_label = _("Project or client")
    create_url_name = "projects:project_create"
    create_label = _("New project")
    noun = _("projects")
    empty_title = _("No projects yet")
    empty_text = _(
        "A project is a financing that a client applies for: amount, term, purpose, investigators, documents."
    )

    def get_table_kwargs(self, rows: list[Any]) -> dict[str, Any]:
        return {"known": catalogue_for(self.request)}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        here = self.request.resolver_match.view_name if self.request.resolver_match else ""
        return super().get_context_data(ways=ways(self.request, here), **extra)


class ProjectBoard(ProjectList):
    """The same conditions as columns by stage. Cards do not drag: a stage moves by decision."""

    template_name = "projects/project_board.html"
    body_template_name = "projects/_board.html"
    table_class = None
    paginate_by = None

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        columns = selectors.board(self.object_list)
        left = days_left([card for column in columns for card in column.cards])
        return super().get_context_data(columns=columns, sums=selectors.sums(columns), left=left, **extra)


class ProjectDetail(KernelDetailView):
    model = Project
    template_name = "projects/project_detail.html"
    menu = MENU
    crumbs = (CRUMB,)
    context_object_name = "project"
    also_asked = (CHANGE, WITHDRAW)

    def get_object(self, queryset: Any = None) -> Project:
        return self.ask_object(selectors.shown_projects())

    @cached_property
    def documents(self) -> list[ProjectDocument]:
        """Documents of the project, removed ones included."""
        return list(selectors.document_list(viewer=self.person, project=self.object, removed=True))

    def shown_evidence(self) -> list[Model]:
        return [self.object, *(document.file for document in self.documents)]

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        project = self.object
        known = catalogue()
        documents = self.documents
        assert self.permit is not None
        may_change = self.permit.may(CHANGE)
        seats = {row.part: row.person for row in project.investigators.all()}
        return super().get_context_data(
            known=known,
            product=known.product(project.product),
            sector=known.sector(project.sector),
            currency=known.currency(project.currency),
            is_tested=project.product in known.tested,
            terms=describe_terms({name: getattr(project, name) for name in FACTS}),
            ratio=share_cut(selectors.capital_share(project)),
            seats=seats,
            to_sign=self._list_unsigned(documents, seats) if may_change else set(),
            documents=[row for row in documents if not row.is_removed],
            removed=[row for row in documents if row.is_removed],
            left=days_left([project]).get(project.pk),
            may_withdraw=project.status == Project.Status.DRAFT and self.may(WITHDRAW, project),
            may_change=bool(may_change),
            why_not=may_change.reason,
            editors=selectors.editors_of(project),
            **extra,
        )

    def _list_unsigned(self, documents: list[ProjectDocument], seats: dict[str, Person]) -> set[int]:
        """Reports that this person investigated for and has not signed."""
        if not self.object.is_open_for_change or self.person.pk not in {person.pk for person in seats.values()}:
            return set()
        return {row.pk for row in documents if is_signable(row) and self.person.pk not in signers_of(row)}


class _ProjectForm(KernelView):
    """What the two forms of a deal share."""

    model = Project
    form_class: Any = ProjectForm
    template_name = "projects/project_form.html"
    menu = MENU
    crumbs: Iterable[Crumb] = (CRUMB,)
    layout = {
        "product": "half",
        "sector": "half",
        "amount": "third",
        "currency": "third",
        "term_months": "third",
        "total_investment": "half",
        "capital": "half",
        "lead": "half",
        "assistant": "half",
    }

    @cached_property
    def known(self) -> Catalogue:
        return catalogue()

    def form_refused(self, form: ProjectForm, error: DomainError) -> HttpResponse:
        if error.code == "same_project":
            form.ask_same_project()
        return super().form_refused(form, error)  # type: ignore[misc]


class ProjectCreate(_ProjectForm, KernelCreateView):
    title = _("New project")
    submit_label = _("Create project")
    success_message = _("The project is saved as a draft. Add documents, then submit it.")
    cancel_url = "/projects/"

    def get_initial(self) -> dict[str, Any]:
        """A link from the client's page names the client; an account manager leads what they file."""
        lead = {} if why_unfit(LEAD, self.person) else {"lead": self.person}
        asked = self.request.GET.get("client", "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            return lead
        return {**lead, "client": Client.objects.visible_to(self.person, CHANGE).filter(pk=asked).first()}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.person, "known": self.known, "is_new": True}

    def perform(self, form: ProjectForm) -> Project:
        return services.project_create(by=self.person, **form.cleaned_data)


class ProjectUpdate(_ProjectForm, KernelUpdateView):
    action = CHANGE
    submit_label = _("Save project")
    success_message = _("The project is saved.")

    def get_object(self, queryset: Any = None) -> Project:
        """With the investigators as attributes, so that a stale form compares them as well."""
        project = self.ask_object(selectors.shown_projects())
        seats = {row.part: row.person for row in project.investigators.all()}
        for part in Investigator.Part.values:
            setattr(project, part, seats.get(part))
        # As a form holds them: nothing chosen is an empty list, an unticked box is no.
        project.security_kinds = project.security_kinds or []
        project.is_fully_margined = bool(project.is_fully_margined)
        return project

    def get_title(self) -> Any:
        return _("Edit project")

    def get_crumbs(self) -> Any:
        return (CRUMB, (self.object.name, self.object.get_absolute_url()))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.is_open_for_change:
            raise why_closed(self.object)
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        project = self.object
        return {
            **{name: getattr(project, name) for name in (*FACTS, *Investigator.Part.values)},
            "secured": "yes" if project.secured else "no",
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.person, "known": self.known, "is_new": False}

    def perform(self, form: ProjectForm) -> Project:
        return services.project_update(
            project=self.object, expected_version=self.expected_version, by=self.person, **form.cleaned_data
        )


class ProjectWithdraw(KernelActionView):
    """End a draft that the client no longer asks for."""

    model = Project
    action = WITHDRAW
    form_class = WithdrawForm
    menu = MENU
    title = _("Withdraw the project")
    submit_label = _("Withdraw project")
    success_message = _("The project is withdrawn.")
    consequence = _("The project no longer counts as open. It can still be edited and submitted later.")

    def get_crumbs(self) -> Any:
        return (CRUMB, (self.object.name, self.object.get_absolute_url()))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.status != Project.Status.DRAFT:
            raise why_no_draft(self.object)
        return super().get(request, *args, **kwargs)

    def perform(self, form: WithdrawForm) -> Project:
        return services.project_withdraw(
            project=self.object, expected_version=self.expected_version, by=self.person, **form.cleaned_data
        )


class ClientPicker(KernelPickerView):
    """Clients for the form (`for=change`: those one may file a project for) and for the filter."""

    model = Client

    def get_rows(self, text: str) -> Iterable[Client]:
        action = CHANGE if self.request.GET.get("for") == CHANGE else "view"
        return selectors.client_choices(viewer=self.person, text=text, action=action)

    def get_hint(self, row: Client) -> str:
        return " · ".join(filter(None, (row.credit_code, row.department.name, row.region.name if row.region else "")))


class InvestigatorPicker(KernelPickerView):
    """Who may be the investigator `?part=` of a project; asked by those who may file one, by nobody else."""

    model = Project
    action = "create"

    def get_rows(self, text: str) -> Iterable[Person]:
        require(self.person, self.action, self.model)
        part = self.request.GET.get("part", "")
        if part not in FIT_FOR:
            raise BadInput(_("Choose the lead or the assistant investigator."), field="part")
        return person_search(viewer=self.person, text=text, roles=FIT_FOR[part])

    def get_hint(self, row: Person) -> str:
        return person_hint(row)


class ClientPanel(KernelPanelView):
    """The client's projects."""

    model = Client
    template_name = "projects/_client_panel.html"
    list_url_name, list_filter = "projects:project_list", "client"
    also_asked = (CHANGE,)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        projects = selectors.client_projects(viewer=self.person, client_id=self.object.pk)
        left = {project.pk: project.left for project in projects if project.due_on and project.status in WAITING}
        may_create = self.may("create", Project) and self.may(CHANGE, self.object)
        return super().get_context_data(projects=projects, left=left, may_create=may_create, **extra)
