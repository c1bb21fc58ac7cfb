"""People, accounts, roles and keys in the admin site: read under the policies, every act one service call."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import may
from crm.kernel.people import services
from crm.kernel.people.key_scopes import area_choices
from crm.kernel.people.models import Account, ApiKey, Department, Move, Person, Post, RoleGrant
from crm.kernel.people.roles import AuthorityLevel
from crm.kernel.web.admin import ServiceAdmin, ServiceForm, VersionedForm, kept_columns

MOVE_WAITS = _("The move takes effect when the security administrator confirms it.")


class DepartmentForm(ServiceForm):
    class Meta:
        model = Department
        fields = ("code", "name", "parent")

    def perform(self) -> Department:
        return services.department_create(**self.cleaned_data, by=self.by)


class DepartmentMoveForm(VersionedForm):
    class Meta:
        model = Department
        fields = ("parent",)
        help_texts = {"parent": MOVE_WAITS}

    def perform(self) -> Department:
        return services.department_move(department=self.instance, **self.cleaned_data, by=self.by)


@admin.register(Department)
class DepartmentAdmin(ServiceAdmin):
    """The tree: a change moves a department with everything below it."""

    add_form, change_form = DepartmentForm, DepartmentMoveForm
    list_display = ("name", "code", "path")
    search_fields = ("name", "code")


class PostForm(ServiceForm):
    class Meta:
        model = Post
        fields = ("code", "name")

    def perform(self) -> Post:
        return services.post_create(**self.cleaned_data, by=self.by)


@admin.register(Post)
class PostAdmin(ServiceAdmin):
    add_form = PostForm
    list_display = ("name", "code")


class PersonForm(ServiceForm):
    class Meta:
        model = Person
        fields = ("name", "employee_no", "department", "post", "email")

    def perform(self) -> Person:
        return services.person_create(**self.cleaned_data, by=self.by)


class PersonChangeForm(VersionedForm):
    """Name, department, post, e-mail; or leaving, which closes every account at once and is not taken back here."""

    leaves = forms.BooleanField(
        label=_("Leaves the institution"),
        required=False,
        help_text=_("Immediately closes all accounts and keys of this person."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    class Meta:
        model = Person
        fields = ("name", "department", "post", "email")
        help_texts = {"department": MOVE_WAITS}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("leaves") and not cleaned.get("reason"):
            self.add_error("reason", _("Give the reason in a few words."))
        return cleaned

    def perform(self) -> Person:
        given = dict(self.cleaned_data)
        leaves, reason = given.pop("leaves"), given.pop("reason")
        if leaves:
            seen = given["expected_version"]
            return services.person_deactivate(person=self.instance, reason=reason, expected_version=seen, by=self.by)
        return services.person_update(person=self.instance, **given, by=self.by)


@admin.register(Person)
class PersonAdmin(ServiceAdmin):
    add_form, change_form = PersonForm, PersonChangeForm
    list_display = ("name", "employee_no", "department", "post", "is_active")
    list_select_related = ("department", "post")
    list_filter = ("is_active",)
    search_fields = ("name", "employee_no")
    fields = ("name", "employee_no", "department", "post", "is_active")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and isinstance(obj, Person) and obj.is_active


TEMPORARY = _("A temporary password; it must be changed at the first sign-in.")


class AccountForm(ServiceForm):
    password = forms.CharField(
        label=_("Temporary password"),
        help_text=TEMPORARY,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Account
        fields = ("person", "login")

    def perform(self) -> Account:
        return services.account_create(**self.cleaned_data, by=self.by)


class AccountChangeForm(VersionedForm):
    password = forms.CharField(
        label=_("New temporary password"),
        help_text=TEMPORARY,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Account
        fields = ("is_active",)

    def perform(self) -> Account:
        given, account = self.cleaned_data, self.instance
        seen, switches = given["expected_version"], account.is_active != given["is_active"]
        if given["password"]:
            account = services.account_reset(
                account=account, password=given["password"], expected_version=seen, by=self.by
            )
            seen = account.version
        if switches:
            account = services.account_switch(
                account=account, is_active=given["is_active"], expected_version=seen, by=self.by
            )
        return account


@admin.register(Account)
class AccountAdmin(ServiceAdmin):
    add_form, change_form = AccountForm, AccountChangeForm
    list_display = ("login", "person", "is_active", "must_change_password", "last_login")
    list_select_related = ("person",)
    search_fields = ("login", "person__name")
    autocomplete_fields = ("person",)
    fields = ("login", "person", "is_active", "must_change_password", "last_login", "language")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if super().has_change_permission(request, obj):
            return True
        person = getattr(request, "person", None)
        return person is not None and obj is not None and bool(may(person, "open", obj))


class ApiKeyForm(ServiceForm):
    areas = forms.MultipleChoiceField(
        label=_("areas"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: whatever the account may."),
    )
    networks = forms.CharField(
        label=_("source networks"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, such as 10.20.0.0/16; none: from anywhere."),
    )
    expires_at = forms.DateField(
        label=_("valid until"),
        required=False,
        widget=AdminDateWidget,
        help_text=_("The last day; without one the longest that is allowed."),
    )

    class Meta:
        model = ApiKey
        fields = ("account", "name", "may_write")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas: Any = self.fields["areas"]
        areas.choices = area_choices()
        self.fields["may_write"].help_text = _("Without it the key only reads.")

    def perform(self) -> ApiKey:
        given = dict(self.cleaned_data)
        if last_day := given["expires_at"]:
            given["expires_at"] = timezone.make_aware(datetime.combine(last_day, time.max))
        given["networks"] = given["networks"].split()
        self.shown_once = services.api_key_create(**given, by=self.by)
        return ApiKey.objects.get(account=self.cleaned_data["account"], name=self.cleaned_data["name"])


class ApiKeyConfirmForm(ServiceForm):
    confirmed = forms.BooleanField(
        label=_("Let this key work"), help_text=_("Its holder reads and does whatever the account may.")
    )

    class Meta:
        model = ApiKey
        fields = ()

    def perform(self) -> ApiKey:
        return services.api_key_confirm(key=self.instance, by=self.by)


@admin.register(ApiKey)
class ApiKeyAdmin(ServiceAdmin):
    """A new key is shown once and works when the security administrator has confirmed it; deleting revokes it."""

    add_form, change_form = ApiKeyForm, ApiKeyConfirmForm
    list_display = (
        "name",
        "account",
        "may_write",
        "made_by",
        "confirmed_by",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    list_select_related = ("account", "made_by", "confirmed_by")
    autocomplete_fields = ("account",)
    facts = (
        "name",
        "account",
        "may_write",
        "areas",
        "networks",
        "expires_at",
        "created_at",
        "made_by",
        "confirmed_by",
        "confirmed_at",
        "last_used_at",
        "last_used_from",
        "revoked_at",
    )

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        waits = isinstance(obj, ApiKey) and obj.confirmed_at is None and obj.revoked_at is None
        return person is not None and obj is not None and waits and bool(may(person, "confirm", obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return _facts_and_form(self, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.facts if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_add_permission(request) and (not isinstance(obj, ApiKey) or obj.revoked_at is None)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            text = gettext("Copy this key now; it is not shown again: %(key)s") % {"key": form.shown_once}
            messages.warning(request, text)

    def delete_model(self, request: HttpRequest, obj: ApiKey) -> None:
        services.api_key_revoke(key=obj, by=request.person)  # type: ignore[attr-defined]


def _facts_and_form(page: Any, request: HttpRequest, obj: Any) -> Any:
    """A row's facts, and below them the form of who may decide about it."""
    if obj is None:
        return [(None, {"fields": list(page.add_form.base_fields)})]
    form = list(page.change_form.base_fields) if page.has_change_permission(request, obj) else []
    return [(None, {"fields": kept_columns(page.model, [*page.facts, *form])})]


class MoveForm(ServiceForm):
    verdict = forms.ChoiceField(
        label=_("Decision"),
        choices=[("", "---------"), ("confirm", _("Confirm the move")), ("refuse", _("Refuse the move"))],
    )

    class Meta:
        model = Move
        fields = ()

    def perform(self) -> Move:
        if self.cleaned_data["verdict"] == "confirm":
            return services.move_confirm(move=self.instance, by=self.by)
        return services.move_refuse(move=self.instance, by=self.by)


@admin.register(Move)
class MoveAdmin(ServiceAdmin):
    """Moves of people and departments, proposed on their pages: the security administrator decides."""

    change_form = MoveForm
    list_display = ("__str__", "state", "proposed_by", "proposed_at", "decided_by", "decided_at")
    list_select_related = ("person", "department", "target", "proposed_by", "decided_by")
    list_filter = ("state",)
    facts = ("person", "department", "target", "state", "proposed_by", "proposed_at", "decided_by", "decided_at")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        waits = isinstance(obj, Move) and obj.state == Move.State.WAITING
        return person is not None and obj is not None and waits and bool(may(person, "confirm", obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return _facts_and_form(self, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return kept_columns(Move, self.facts)


class RoleGrantForm(ServiceForm):
    class Meta:
        model = RoleGrant
        fields = ("person", "role", "authority_level", "valid_until")
        help_texts = {
            "role": _(
                "Granting a first reviewer or administrator role closes the person's accounts and ends their "
                "keys. A system administrator must then reset the password and the security administrator open "
                "the account."
            )
        }

    def perform(self) -> RoleGrant:
        given = dict(self.cleaned_data)
        given["authority_level"] = given["authority_level"] or AuthorityLevel.NONE
        return services.role_grant(**given, by=self.by)


@admin.register(RoleGrant)
class RoleGrantAdmin(ServiceAdmin):
    """The security administrator gives and takes roles; the service and the database check every grant."""

    add_form = RoleGrantForm
    list_display = ("person", "role", "authority_level", "power", "valid_from", "valid_until", "granted_by")
    list_select_related = ("person", "granted_by")
    list_filter = ("role",)
    search_fields = ("person__name",)
    autocomplete_fields = ("person",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        person = getattr(request, "person", None)
        ended = isinstance(obj, RoleGrant) and obj.has_ended
        return person is not None and not ended and bool(may(person, "change", obj or RoleGrant))

    def delete_model(self, request: HttpRequest, obj: RoleGrant) -> None:
        services.role_revoke(grant=obj, by=request.person)  # type: ignore[attr-defined]
