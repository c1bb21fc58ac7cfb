"""Django's admin under our policies: they say who sees which rows, and nothing is written but through services."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from crm.kernel.access.checks import may
from crm.kernel.access.errors import DomainError, NotPermitted, NotVisible
from crm.kernel.access.policies import Viewer


class SanshenAdminSite(admin.AdminSite):
    """The admin site with the house's own login."""

    enable_nav_sidebar = True

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        target = request.GET.get("next") or reverse("admin:index")
        if self.has_permission(request):
            return redirect(reverse("admin:index"))
        return redirect(f"{reverse('login')}?{urlencode({'next': target})}")

    def has_permission(self, request: HttpRequest) -> bool:
        return getattr(request, "person", None) is not None


class SanshenAdminConfig(AdminConfig):
    default_site = "crm.kernel.web.admin.SanshenAdminSite"


class KernelAdmin(admin.ModelAdmin):
    """Read-only over `visible_to`. A subclass that lets people act gives its own views, which call services."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).visible_to(request.person)  # type: ignore[attr-defined]

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


class ServiceForm(forms.ModelForm):
    """An admin form whose saving is one service call: its refusal stands beside the field, the input is kept."""

    by: Viewer

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
            for name, texts in error.errors.items():
                for text in texts:
                    self.add_error(name if name in self.fields else None, forms.ValidationError(str(text)))

    def save(self, commit: bool = True) -> Model:
        """The service has saved it."""
        return self.instance

    def save_m2m(self) -> None:
        """Nothing is left to save."""


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

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The form's service has written it."""
