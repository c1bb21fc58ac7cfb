"""Django's admin under our policies: they say who sees which rows, and nothing is written but through services."""

from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst

from crm.kernel.access.checks import may
from crm.kernel.access.errors import DomainError, NotPermitted, NotVisible
from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.policies import Viewer
from crm.kernel.text.numbers import MISSING
from crm.kernel.web import html
from crm.kernel.web.middleware import note_refusal

LEFT_OUT = frozenset({"view_on_site", "password_change", "password_change_done"})


class SanshenAdminSite(admin.AdminSite):
    """The admin site with the system's own login."""

    enable_nav_sidebar = True
    empty_value_display = MISSING

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        target = request.GET.get("next") or reverse("admin:index")
        if self.has_permission(request):
            return redirect(reverse("admin:index"))
        return redirect(f"{reverse('login')}?{urlencode({'next': target})}")

    def has_permission(self, request: HttpRequest) -> bool:
        return getattr(request, "person", None) is not None

    def get_urls(self) -> list[Any]:
        """Without Django's own change of password, which our services do not see, and without `r/<type>/<id>/`,
        which answers differently for a row that exists and one that does not."""
        return [route for route in super().get_urls() if getattr(route, "name", "") not in LEFT_OUT]


# What Django's own filters append to a field: exact choices, empty or not, and the steps of a date.
ADMIN_LOOKUPS = ("__exact", "__isnull", "__in", "__id__exact", "__gte", "__lt", "__year", "__month", "__day")


class KernelAdmin(admin.ModelAdmin):
    """Read-only over `visible_to`. A subclass that lets people act gives its own views, which call services."""

    actions = None
    # The most queries a list may ask, however many rows (a test).
    query_budget: ClassVar[int] = 10
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).visible_to(request.person)  # type: ignore[attr-defined]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Names and numbers are found however they are typed, as on the pages."""
        return [f"{name}__resembles" for name in super().get_search_fields(request)]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """What a row keeps of its people and clients is shown as of the act."""
        return kept_columns(self.model, super().get_list_display(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return kept_columns(self.model, super().get_fields(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return kept_columns(self.model, super().get_readonly_fields(request, obj))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """A list is called by what it lists, not by what Django would have one select."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what a list offers: any other condition would read, by its count, fields that are masked or secret."""
        offered = {item[0] if isinstance(item, tuple | list) else item for item in self.list_filter}
        # A filter class goes by the name of its parameter.
        named = {name if isinstance(name, str) else getattr(name, "parameter_name", "") for name in offered}
        named.add(self.date_hierarchy or "")
        # The whole key: what stands between a field and its condition would lead to any column of the database.
        allowed = {name + condition for name in named for condition in ("", *ADMIN_LOOKUPS)}
        return lookup in allowed and "\x00" not in str(value)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return getattr(request, "person", None) is not None

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        return person is not None and bool(may(person, "view", obj or self.model))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def kept_columns(model: type[Model], names: Iterable[Any]) -> list[Any]:
    """`names` of fields, those whose words the row keeps as columns that show them."""
    return [_kept(model, name) for name in names]


@cache
def _kept(model: type[Model], name: Any) -> Any:
    """The column of a field whose words the row keeps; any other as it is."""
    if not issubclass(model, KeptWords) or name not in model.KEEPS:
        return name
    field: Any = model._meta.get_field(name)

    @admin.display(description=field.verbose_name, ordering=name)
    def shown(row: KeptWords) -> Any:
        found = getattr(row.kept, name)
        return None if found is None else html.person(found)

    shown.__name__ = name
    return shown


class ServiceForm(forms.ModelForm):
    """An admin form whose saving is one service call: its refusal stands beside the field, the input is kept."""

    by: Viewer
    refusal: DomainError | None = None

    def perform(self) -> Model:
        """Call the service with `cleaned_data` and `by=self.by`; `self.instance` is the row being changed."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        # Django would build and validate the row here; the service and the constraints do that.
        if self.errors:
            return
        try:
            with transaction.atomic():
                self.instance = self.perform()
        except (NotPermitted, NotVisible):
            raise
        except DomainError as error:
            self.refusal = error
            for name, texts in error.errors.items():
                for text in texts:
                    self.add_error(name if name in self.fields else None, forms.ValidationError(str(text)))

    def save(self, commit: bool = True) -> Model:
        """The service has saved it."""
        return self.instance

    def save_m2m(self) -> None:
        """Nothing is left to save."""


class VersionedForm(ServiceForm):
    """A change that starts from the version its page showed; without one the service answers 428, with an old 412."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["expected_version"] = self.instance.version


class ServiceAdmin(KernelAdmin):
    """Rows that some role keeps: `add_form` and `change_form` are ServiceForms, the policy says who gets them."""

    add_form: type[ServiceForm] | None = None
    change_form: type[ServiceForm] | None = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        person = getattr(request, "person", None)
        return person is not None and self.add_form is not None and bool(may(person, "create", self.model))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        return (
            person is not None and obj is not None and self.change_form is not None and bool(may(person, "change", obj))
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = self.change_form if change else self.add_form
        if form is None or (change and not self.has_change_permission(request, obj)):
            return super().get_form(request, obj, change, **kwargs)
        built = super().get_form(request, obj, change, form=form, **kwargs)
        built.by = request.person  # type: ignore[attr-defined]
        return built

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        form = self.change_form if obj is not None else self.add_form
        return [(None, {"fields": list(form.base_fields) if form else []})]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """A form that comes back because its service refused leaves its trace, as on any page."""
        refusal = getattr(context["adminform"].form, "refusal", None)
        response = super().render_change_form(request, context, *args, **kwargs)
        if refusal is not None:
            transaction.on_commit(lambda: note_refusal(request, refusal))
            response.status_code = refusal.status
        return response

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The form's service has written it."""

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """Back to the list, whose rows this person sees; Django sends who may not change every row to the index."""
        super().response_delete(request, obj_display, obj_id)  # its message
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
