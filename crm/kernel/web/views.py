"""Base views: Django's own class-based views with the checks that every page of this system needs.

Names and hooks are Django's (`get_queryset`, `get_object`, `get_form_kwargs`, `form_valid`, `get_success_url`,
`get_context_data`). Added here: a view refuses to start without a policy, rows are read through `visible_to`, a form
calls one service, and the service's refusal becomes form errors with its HTTP status. That happens here only, for all
pages; a refusal outside a form goes to DomainErrorMiddleware.
"""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, FormView, ListView, TemplateView, View
from django.views.generic.base import ContextMixin, TemplateResponseMixin
from django.views.generic.detail import SingleObjectMixin

from crm.kernel.access.checks import Permit, ask, may, require
from crm.kernel.access.errors import BadInput, DomainError, NotPermitted, NotVisible, Stale, Text
from crm.kernel.access.policies import policy_of
from crm.kernel.audit.evidence import Compared, broken
from crm.kernel.web import listing
from crm.kernel.web.errors import explain_refusal
from crm.kernel.web.exports import conditions_of, export, needs_purpose
from crm.kernel.web.filters import PAGING
from crm.kernel.web.form_errors import add_domain_errors, refuse_broken_text, version_of
from crm.kernel.web.htmx import wants_fragment
from crm.kernel.web.middleware import note_refusal
from crm.kernel.web.pagination import PAGE_SIZE, CappedPaginator
from crm.kernel.web.stale import Difference, differences

Crumb = tuple[Text, Text]
# The element that the fields of the filter form are loaded into when it is unfolded.
FILTERS = "list-filters"
FORM_METHODS = ["get", "post", "head", "options"]


class KernelView(TemplateResponseMixin, ContextMixin, View):
    """What all pages share. `menu` marks the entry of the side bar, `crumbs` are (text, address) before the title."""

    model: Any = None
    action = "view"
    title: Text = ""
    menu = ""
    crumbs: Iterable[Crumb] = ()
    # Set where a page is open to everybody who works here and shows no rows of a model (my day, the gallery).
    without_model = False

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """Refuse to start without a policy for the model."""
        model = initkwargs.get("model", cls.model)
        if model is not None:
            policy_of(model)
        elif not cls.without_model:
            raise ImproperlyConfigured(f"{cls.__name__} names no model; set without_model if it shows none")
        return super().as_view(**initkwargs)

    @property
    def person(self) -> Any:
        """The person who looks."""
        return self.request.person  # type: ignore[attr-defined]

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks for a part of the page and not for the whole of it."""
        return wants_fragment(self.request)

    def get_title(self) -> Text:
        return self.title

    def get_crumbs(self) -> Iterable[Crumb]:
        return self.crumbs

    # What was asked about the page's row when it was loaded.
    permit: Permit[Any] | None = None

    def may(self, action: str, obj: Any = None) -> bool:
        """Whether to draw a button for `action`; the service checks again."""
        about = obj if obj is not None else self.model
        if self.permit is not None and about is self.permit.row and action in self.permit.decisions:
            return bool(self.permit.may(action))
        return about is not None and bool(may(self.person, action, about))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        shared = {"title": self.get_title(), "crumbs": list(self.get_crumbs()), "menu": self.menu}
        return super().get_context_data(**{**shared, **extra})


class KernelTemplateView(KernelView, TemplateView):
    """A page that is neither a list nor about one row: override `get_context_data`."""


class KernelListView(KernelView, ListView):
    """A list: rows, FilterSet, table. For htmx the body and the conditions beside the search box are drawn.

    `selector(viewer=person)` returns the visible rows (default: `model.objects.visible_to`). With
    `create_url_name` and `create_label` the create button appears if the policy allows "create"; `empty_*` fill the
    page while there are no rows at all. `table_class = None` and `paginate_by = None` leave the drawing of
    `object_list` to the subclass (boards). `query_budget`: the most queries a page may ask, however many rows (a test).
    """

    query_budget: ClassVar[int] = 10
    selector: ClassVar[Callable[..., QuerySet[Any]] | None] = None
    filterset_class: Any = None
    table_class: Any = None
    template_name = "web/list.html"
    body_template_name = "web/_list_body.html"
    paginate_by: int | None = PAGE_SIZE
    search_field = "q"
    search_label: Text = _("Search this list")
    create_url_name = ""
    create_label: Text = ""
    create_action = "create"
    noun: Text = _("rows")
    empty_title: Text = _("Nothing here yet")
    empty_text: Text = ""
    object_list: Any

    def get_queryset(self) -> QuerySet[Any]:
        selector = type(self).selector
        if selector is not None:
            return selector(viewer=self.person)
        return self.model._default_manager.visible_to(self.person, self.action)

    def get_filterset(self, data: Any) -> Any:
        """The FilterSet over the rows this person may see, with the conditions of `data`."""
        return self.filterset_class(data, queryset=self.get_queryset(), request=self.request)

    @cached_property
    def filterset(self) -> Any:
        """The FilterSet with the conditions of the address; None for a list without filters."""
        return self.get_filterset(conditions_of(self.request.GET)) if self.filterset_class is not None else None

    def get_filtered(self) -> QuerySet[Any]:
        """The rows that meet the conditions of the address; BadInput (400) for a filter that does not exist."""
        if self.filterset is not None:
            return self.filterset.rows()
        if unknown := sorted(set(conditions_of(self.request.GET)) - PAGING):
            raise BadInput(errors={name: [_("This filter does not exist.")] for name in unknown}, code="bad_filter")
        return self.get_queryset()

    shown_table = cached_property(listing.shown_table)

    def get_table_kwargs(self, rows: list[Any]) -> dict[str, Any]:
        """What the table needs to draw `rows` besides them."""
        return {}

    def get_paginator(self, queryset: Any, per_page: int, *args: Any, **kwargs: Any) -> CappedPaginator:
        return CappedPaginator(queryset, per_page, counted=self.filterset.counted if self.filterset else None)

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """The page that the address asks for; BadInput (400) where Django answers 404."""
        rows = self.shown_table.select(queryset) if self.table_class is not None else queryset
        number, paginator = listing.page_number(self.request), self.get_paginator(rows, page_size)
        if number > 1:
            listing.check_page(number, paginator.num_pages)
        page = paginator.page(number)
        return paginator, page, page.object_list, page.has_other_pages()

    def get_template_names(self) -> list[str]:
        return ["web/_list_fragment.html" if self.is_fragment else self.template_name]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.filterset_class is not None and request.htmx.target == FILTERS:  # type: ignore[attr-defined]
            # The filter form is drawn when it is unfolded: it costs more than the list's queries.
            fields = {"view": self, "filterset": self.filterset}
            return self.response_class(request, ["web/_filter_fields.html"], fields, using=self.template_engine)
        if request.GET.get("format"):
            return export(self)  # type: ignore[return-value]
        if self.paginate_by is None:  # A board has one page.
            listing.check_page(listing.page_number(request), 1)
        self.object_list = self.get_filtered()
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        context = super().get_context_data(**extra)
        filterset = self.filterset
        if self.table_class is not None:
            context["table"] = listing.make_table(self, list(context["page_obj"]))
        has_search = filterset is not None and self.search_field in filterset.filters
        return {
            "filterset": filterset,
            "chips": listing.shown_chips(self, context["paginator"]),
            "search_name": self.search_field if has_search else "",
            "search_value": self.request.GET.get(self.search_field, ""),
            "create_url": listing.create_url(self),
            "asks_purpose": needs_purpose(self.model),
            "hidden": listing.hidden_parameters(self.request.GET, self.search_field),
            **listing.shown_views(self),
            **context,
        }


class ObjectMixin(KernelView, SingleObjectMixin):
    """A page about one row among the visible ones; `object` is set before the handler runs.

    `action`, and the acts of `also_asked` that the page may draw, are asked with the row in one query.
    """

    also_asked: ClassVar[tuple[str, ...]] = ()
    pk_url_kwarg = "pk"
    object: Any = None

    def get_object(self, queryset: Any = None) -> Any:
        """The row; NotVisible (404) if the person may not see it. Override to select what the page shows besides."""
        return self.ask_object()

    def ask_object(self, rows: QuerySet[Any] | None = None, **lookup: object) -> Any:
        """The row that `lookup` (else the address) names, with what the page asks; `rows`: what to select."""
        lookup = lookup or {"pk": self.kwargs[self.pk_url_kwarg]}
        actions = dict.fromkeys(action for action in (self.action, *self.also_asked) if action != "view")
        self.permit = ask(self.model, self.person, *actions, rows=rows, **lookup)
        return self.permit.row

    def require_action(self) -> None:
        """NotPermitted (403) with the policy's reason if the row is visible but the action is not permitted."""
        if self.action == "view":
            return
        if self.permit is not None and self.permit.row is self.object:
            self.permit.require(self.action)
        else:
            require(self.person, self.action, self.object)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = self.get_object()
        try:
            self.require_action()
        except NotPermitted as error:
            here = self.get_page_url() if hasattr(self.object, "get_absolute_url") else request.path
            elsewhere = here if here != request.path else ""
            raise explain_refusal(error, model=self.object, act=self.title, url=elsewhere) from None
        return super().dispatch(request, *args, **kwargs)

    def get_page_url(self) -> str:
        """The page on which the forms of this row stand."""
        return str(self.object.get_absolute_url())

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A form's address opened by hand or from the history (303) leads to the page of the form."""
        if request.method in ("GET", "HEAD") and hasattr(self.object, "get_absolute_url"):
            return HttpResponseRedirect(self.get_page_url(), status=303)
        return super().http_method_not_allowed(request, *args, **kwargs)

    def get_title(self) -> Text:
        return self.title or str(self.object)

    def shown_evidence(self) -> Iterable[Model]:
        """The rows of evidence whose figures the page shows; what no longer matches is said in red (one query)."""
        return ()

    @cached_property
    def broken_evidence(self) -> list[Compared]:
        """What `web/_evidence.html` warns of."""
        return broken(self.shown_evidence())


class KernelDetailView(ObjectMixin, DetailView):
    """The page of one row. Its template extends `web/detail.html` (blocks: badges, subtitle, acts, band, body)."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())


class KernelFormView(KernelView, SuccessMessageMixin, FormView):
    """A form that calls one service: write `def perform(self, form)`; what it returns is kept as `result`.

    A DomainError becomes form errors with its own status and the input is kept; the classes in `error_page_for`
    go to the error page instead. `form_valid` redirects; override it to answer with a page.
    """

    # Django's form views take a PUT for a POST.
    http_method_names = FORM_METHODS
    template_name = "web/form.html"
    form_class: Any = None
    submit_label: Text = _("Save")
    success_message: Any = ""
    success_url: Any = ""
    consequence: Text = ""
    cancel_url: Text = ""
    # Fields laid out side by side: {"name": "half"}; the rest take the whole width.
    layout: ClassVar[dict[str, str]] = {}
    draft = False
    error_page_for: ClassVar[tuple[type[DomainError], ...]] = (NotPermitted, NotVisible)
    result: Any = None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Override to hand the form what it needs (viewer, choices)."""
        if self.request.method == "POST":
            # What was typed counts; reading the present values would load rows that nobody looks at.
            return {"data": self.request.POST, "files": self.request.FILES}
        return {"initial": self.get_initial()}

    def perform(self, form: Any) -> Any:
        """Call the one service with `form.cleaned_data` and `by=self.person`; return its result."""
        raise NotImplementedError

    def get_success_url(self) -> str:
        if self.success_url:
            return str(self.success_url)
        return self.result.get_absolute_url() if self.result is not None else self.request.path

    def get_cancel_url(self) -> str:
        return str(self.cancel_url)

    @property
    def expected_version(self) -> int | None:
        """The version the form was opened with; None if the form does not say (the service answers 428)."""
        return version_of(self.request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        form.full_clean()
        refuse_broken_text(form, request)
        if not form.is_valid():
            return self.form_invalid(form)
        try:
            return self.form_valid(form)
        except self.error_page_for:
            raise
        except DomainError as error:
            note_refusal(request, error)
            return self.form_refused(form, error)

    def form_valid(self, form: Any) -> HttpResponse:
        self.result = self.perform(form)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_form(form, status=422)

    def form_refused(self, form: Any, error: DomainError) -> HttpResponse:
        """The page with the service's refusal beside the fields it names."""
        add_domain_errors(form, error)
        return self.render_form(form, status=error.status)

    def render_form(self, form: Any, *, status: int, **extra: Any) -> HttpResponse:
        """The page with a form that was refused."""
        return self.render_to_response(self.get_context_data(form=form, **extra), status=status)


class KernelCreateView(KernelFormView):
    """A new row; the policy is asked for "create" before the form is drawn."""

    action = "create"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require(self.person, self.action, self.model)
        return super().dispatch(request, *args, **kwargs)


class KernelUpdateView(ObjectMixin, KernelFormView):
    """Change of a visible row. Carries the hidden `version`; for a stale one both values are shown side by side."""

    action = "update"

    def get_initial(self) -> dict[str, Any]:
        """The row's present values for the form's fields of the same name."""
        fields = getattr(self.get_form_class(), "base_fields", {})
        return {name: getattr(self.object, name) for name in fields if hasattr(self.object, name)}

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if issubclass(self.get_form_class() or forms.Form, forms.ModelForm):
            kwargs.pop("initial", None)
            kwargs["instance"] = self.object
        return kwargs

    def get_cancel_url(self) -> str:
        return str(self.cancel_url) or self.object.get_absolute_url()

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        # A refused form keeps the version the person started from: they have not been shown a newer one.
        started_from = self.expected_version or getattr(self.object, "version", None)
        return super().get_context_data(**{"version": started_from, **extra})

    def form_refused(self, form: Any, error: DomainError) -> HttpResponse:
        if not isinstance(error, Stale):
            return super().form_refused(form, error)
        self.object = self.get_object()
        newest = getattr(self.object, "version", None)
        return self.render_form(form, status=error.status, stale=self.compare(form), version=newest)

    def compare(self, form: Any) -> list[Difference]:
        """Field by field what was typed and what is stored now, where the two differ."""
        return differences(form, self.object)


class KernelActionView(KernelUpdateView):
    """A form about a visible row that does not edit its fields (submit, decide, declare): nothing is pre-filled."""

    def get_initial(self) -> dict[str, Any]:
        return {}
