"""The base views. A page is a declaration: model, selector or service, table or form, template; the rest is here.

They refuse to start without a policy, read through `visible_to`, call one service, and turn its refusal into form
errors: the one place where that happens for pages (what no form takes goes to DomainErrorMiddleware).
"""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from crm.kernel.access.checks import Permit, ask, may, require
from crm.kernel.access.errors import DomainError, NotPermitted, NotVisible, Stale, Text
from crm.kernel.access.policies import policy_of
from crm.kernel.web import listing
from crm.kernel.web.middleware import note_refusal
from crm.kernel.web.pagination import PAGE_SIZE
from crm.kernel.web.stale import Difference, differences

Crumb = tuple[Text, str]
# The element the filter form's fields are put into, when it is unfolded.
FILTERS = "list-filters"


class KernelView(View):
    """What all pages share. `menu` marks the entry of the side bar, `crumbs` are (text, address) before the title."""

    model: ClassVar[type[Model] | None] = None
    action = "view"
    template_name = ""
    title: Text = ""
    menu = ""
    crumbs: Iterable[Crumb] = ()
    # Set where a page is open to all who work here and shows no rows of a model (my day, the gallery).
    without_model = False

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """Refuses to start without a policy for the model."""
        model = initkwargs.get("model", cls.model)
        if model is not None:
            policy_of(model)
        elif not cls.without_model:
            raise ImproperlyConfigured(f"{cls.__name__} names no model; set without_model if it shows none")
        return super().as_view(**initkwargs)

    @property
    def person(self) -> Any:
        """Who looks."""
        return self.request.person  # type: ignore[attr-defined]

    def get_title(self) -> Text:
        return self.title

    def get_crumbs(self) -> Iterable[Crumb]:
        return self.crumbs

    # What was asked about the page's row when it was loaded.
    permit: Permit[Any] | None = None

    def may(self, action: str, obj: Any = None) -> bool:
        """Whether to draw an act at all; the service asks again."""
        about = obj if obj is not None else self.model
        if self.permit is not None and about is self.permit.row and action in self.permit.decisions:
            return bool(self.permit.may(action))
        return about is not None and bool(may(self.person, action, about))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return {
            "view": self,
            "title": self.get_title(),
            "crumbs": list(self.get_crumbs()),
            "menu": self.menu,
            **extra,
        }

    def page(self, status: int = 200, template: str = "", **extra: Any) -> TemplateResponse:
        return TemplateResponse(
            self.request, template or self.template_name, self.get_context_data(**extra), status=status
        )


class KernelListView(KernelView):
    """A list: selector, FilterSet, table. htmx asking the same address gets `web/_list_body.html` alone.

    `selector(viewer=person)` answers the visible rows (default: `model.objects.visible_to`). `create_url_name` with
    `create_label` draws the filled button when policy allows "create"; `empty_*` fill the first-use state.
    """

    selector: ClassVar[Callable[..., QuerySet[Any]] | None] = None
    filterset_class: ClassVar[Any] = None
    table_class: ClassVar[Any] = None
    template_name = "web/list.html"
    body_template_name = "web/_list_body.html"
    per_page = PAGE_SIZE
    search_field = "q"
    search_label: Text = _("Search this list")
    create_url_name = ""
    create_label: Text = ""
    create_action = "create"
    noun: Text = _("rows")
    empty_title: Text = _("Nothing here yet")
    empty_text: Text = ""

    def get_queryset(self) -> QuerySet[Any]:
        chosen = type(self).selector
        if chosen is not None:
            return chosen(viewer=self.person)
        assert self.model is not None
        return self.model._default_manager.visible_to(self.person, self.action)  # type: ignore[attr-defined]

    def get_table_kwargs(self) -> dict[str, Any]:
        return {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The folded filter form is filled when it is opened: drawing it costs more than the list's queries."""
        if request.htmx and request.htmx.target == FILTERS and self.filterset_class:  # type: ignore[attr-defined]
            return self.page(template="web/_filter_fields.html", filterset=listing.filterset_of(self))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        shown = listing.build(self)
        is_fragment = bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]
        template = self.body_template_name if is_fragment else self.template_name
        return self.page(template=template, **shown)


class ObjectMixin(KernelView):
    """A page about one row, found among the visible ones; `object` is set before the handler runs.

    `action`, and the acts of `also_asked` that the page may draw, are asked with the row in one query.
    """

    also_asked: ClassVar[tuple[str, ...]] = ()
    pk_url_kwarg = "pk"
    lookup_field = "pk"
    context_object_name = "object"
    object: Any

    def get_object(self) -> Any:
        """The row: 404 when it is not the person's to see. Override to select what the page shows besides."""
        return self.ask_object()

    def ask_object(self, rows: QuerySet[Any] | None = None, **lookup: object) -> Any:
        """The row that `lookup` (else the address) names, with what the page asks; `rows`: what to select."""
        assert self.model is not None
        lookup = lookup or {self.lookup_field: self.kwargs[self.pk_url_kwarg]}
        actions = dict.fromkeys(action for action in (self.action, *self.also_asked) if action != "view")
        self.permit = ask(self.model, self.person, *actions, rows=rows, **lookup)
        return self.permit.row

    def require_action(self) -> None:
        """403 with the policy's reason when it is visible but not permitted."""
        if self.action == "view":
            return
        if self.permit is not None and self.permit.row is self.object:
            self.permit.require(self.action)
        else:
            require(self.person, self.action, self.object)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = self.get_object()
        self.require_action()
        return super().dispatch(request, *args, **kwargs)

    def get_title(self) -> Text:
        return self.title or str(self.object)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        extra.setdefault("object", self.object)
        extra.setdefault(self.context_object_name, self.object)
        return super().get_context_data(**extra)


class KernelDetailView(ObjectMixin):
    """The page of one row. Its template extends `web/detail.html` (blocks: badges, subtitle, acts, band, body)."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page()


class KernelFormView(KernelView):
    """A form that calls one service: write `def perform(self, form)`, return what the success address needs.

    DomainErrors become form errors with their own status, input is kept. 403, 404 and 429 go to the error page.
    """

    form_class: ClassVar[Any] = None
    template_name = "web/form.html"
    submit_label: Text = _("Save")
    success_message: Text = ""
    success_url = ""
    consequence: Text = ""
    cancel_url = ""
    # Fields laid out side by side: {"name": "half"}; the rest take the whole width.
    layout: ClassVar[dict[str, str]] = {}
    draft = False

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Override to hand the form what it needs (viewer, choices)."""
        if self.request.method == "POST":
            # What was typed counts; reading the present values would load rows that nobody looks at.
            return {"data": self.request.POST, "files": self.request.FILES}
        return {"initial": self.get_initial()}

    def get_form(self) -> forms.BaseForm:
        return self.form_class(**self.get_form_kwargs())

    def perform(self, form: Any) -> Any:
        """Call the one service with `form.cleaned_data` and `by=self.person`; return its result."""
        raise NotImplementedError

    def get_success_url(self, result: Any) -> str:
        return self.success_url or (result.get_absolute_url() if result is not None else self.request.path)

    def get_success_message(self, result: Any) -> Text:
        return self.success_message

    def get_cancel_url(self) -> str:
        return self.cancel_url

    @property
    def expected_version(self) -> int | None:
        """The version the form was opened with; None when the form does not say (the service answers 428)."""
        text = self.request.POST.get("version", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page(form=self.get_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        form.full_clean()
        refuse_broken_text(form, request)
        if not form.is_valid():
            return self.form_refused(form, 422)
        try:
            result = self.perform(form)
        except (NotPermitted, NotVisible):
            raise
        except DomainError as error:
            note_refusal(request, error)
            return self.domain_refused(form, error)
        message = self.get_success_message(result)
        if message:
            messages.success(request, str(message))
        return HttpResponseRedirect(self.get_success_url(result))

    def form_refused(self, form: forms.BaseForm, status: int, **extra: Any) -> HttpResponse:
        return self.page(status=status, form=form, **extra)

    def domain_refused(self, form: forms.BaseForm, error: DomainError) -> HttpResponse:
        """The service's refusal beside the fields it names."""
        add_domain_errors(form, error)
        return self.form_refused(form, error.status)


class KernelCreateView(KernelFormView):
    """A new row; the policy is asked for "create" before the form is drawn."""

    action = "create"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        assert self.model is not None
        require(self.person, self.action, self.model)
        return super().dispatch(request, *args, **kwargs)


class KernelUpdateView(ObjectMixin, KernelFormView):
    """Change of a visible row. Carries the hidden `version`; a stale one shows both values side by side."""

    action = "update"

    def get_initial(self) -> dict[str, Any]:
        """The row's present values for the form's fields of the same name."""
        fields = getattr(self.form_class, "base_fields", {})
        return {name: getattr(self.object, name) for name in fields if hasattr(self.object, name)}

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if issubclass(self.form_class, forms.ModelForm):
            kwargs.pop("initial", None)
            kwargs["instance"] = self.object
        return kwargs

    def get_cancel_url(self) -> str:
        return self.cancel_url or self.object.get_absolute_url()

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        extra.setdefault("version", getattr(self.object, "version", None))
        return super().get_context_data(**extra)

    def domain_refused(self, form: forms.BaseForm, error: DomainError) -> HttpResponse:
        if not isinstance(error, Stale):
            # Keep the version the person started from: a rule's refusal has not shown them a newer one.
            add_domain_errors(form, error)
            return self.form_refused(form, error.status, version=self.expected_version)
        self.object = self.get_object()
        return self.form_refused(form, error.status, stale=self.compare(form))

    def compare(self, form: forms.BaseForm) -> list[Difference]:
        """Field by field what was typed and what is stored now, where the two differ."""
        return differences(form, self.object)


class KernelActionView(KernelUpdateView):
    """A form about a visible row that does not edit its fields (submit, decide, declare): nothing is pre-filled."""

    def get_initial(self) -> dict[str, Any]:
        return {}


def refuse_broken_text(form: forms.BaseForm, request: HttpRequest) -> None:
    """Bytes that are no text arrive as U+FFFD (a lone surrogate, half a character): said, not stored."""
    for name, values in request.POST.lists():
        if any("\ufffd" in value for value in values):
            form.add_error(name if name in form.fields else None, _("This holds characters that are no text."))


def add_domain_errors(form: forms.BaseForm, error: DomainError) -> None:
    """Put each message beside its field; what names no field of this form goes on top."""
    for name, texts in error.errors.items():
        known = name in form.fields
        for text in texts:
            form.add_error(name if known else None, forms.ValidationError(str(text), code=error.code))
