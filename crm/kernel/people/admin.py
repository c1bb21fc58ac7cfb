"""People, accounts, roles and keys in the admin site: read under the policies; acts call the services."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.access.checks import may
from crm.kernel.access.errors import DomainError
from crm.kernel.people import services
from crm.kernel.people.models import Account, ApiKey, Department, Person, Post, RoleGrant
from crm.kernel.web.admin import KernelAdmin


@admin.register(Department)
class DepartmentAdmin(KernelAdmin):
    list_display = ("name", "code", "path")
    search_fields = ("name", "code")


@admin.register(Post)
class PostAdmin(KernelAdmin):
    list_display = ("name", "code")


@admin.register(Person)
class PersonAdmin(KernelAdmin):
    list_display = ("name", "employee_no", "department", "post", "is_active")
    list_select_related = ("department", "post")
    search_fields = ("name", "employee_no")


@admin.register(Account)
class AccountAdmin(KernelAdmin):
    list_display = ("login", "person", "is_active", "must_change_password", "last_login")
    list_select_related = ("person",)
    search_fields = ("login", "person__name")
    fields = ("login", "person", "is_active", "must_change_password", "last_login", "language")


@admin.register(ApiKey)
class ApiKeyAdmin(KernelAdmin):
    list_display = ("name", "account", "created_at", "revoked_at")
    list_select_related = ("account",)
    fields = ("name", "account", "created_at", "revoked_at")


class RoleGrantForm(forms.ModelForm):
    class Meta:
        model = RoleGrant
        fields = ("person", "role", "authority_level", "valid_until")


@admin.register(RoleGrant)
class RoleGrantAdmin(KernelAdmin):
    """The security administrator gives and takes roles here; the services and the database check every grant."""

    form = RoleGrantForm
    list_display = ("person", "role", "authority_level", "power", "valid_from", "valid_until", "granted_by")
    list_select_related = ("person", "granted_by")
    list_filter = ("role",)
    search_fields = ("person__name",)
    autocomplete_fields = ("person",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        person = getattr(request, "person", None)
        return person is not None and bool(may(person, "create", RoleGrant))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request)

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> RoleGrant:
        return form.save(commit=False)

    def save_model(self, request: HttpRequest, obj: RoleGrant, form: forms.ModelForm, change: bool) -> None:
        """The grant is made by its service; what the form built is only its input."""
        granted = services.role_grant(
            person=obj.person,
            role=obj.role,
            authority_level=obj.authority_level,
            valid_until=obj.valid_until,
            by=request.person,  # type: ignore[attr-defined]
        )
        obj.pk = granted.pk

    def delete_model(self, request: HttpRequest, obj: RoleGrant) -> None:
        services.role_revoke(grant=obj, by=request.person)  # type: ignore[attr-defined]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as error:
            messages.error(request, _("Refused: %(reason)s") % {"reason": error.message})
            return redirect(reverse("admin:kernel_rolegrant_add"))
