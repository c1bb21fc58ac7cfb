"""The way in, the way out, one's own password."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import BadInput
from crm.kernel.audit.services import record_read
from crm.kernel.people.forms import LoginForm, PasswordForm, address_now, device_of
from crm.kernel.people.models import Account, ApiKey, Person
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import own_keys, person_hint, person_search
from crm.kernel.people.services import api_key_revoke, password_change
from crm.kernel.people.tables import ApiKeyTable
from crm.kernel.web.fragments import KernelPickerView
from crm.kernel.web.views import KernelActionView, KernelFormView, KernelListView


class Login(auth_views.LoginView):
    authentication_form = LoginForm
    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        account = cast(Account, form.get_user())
        record_read("account.logged_in", subject=account, by=account.person)
        answer = super().form_valid(form)
        answer.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            form.device,
            max_age=timedelta(days=settings.KNOWN_PLACE_DAYS),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return answer


class Logout(auth_views.LogoutView):
    pass


class PasswordChange(KernelFormView):
    """One's own password. After the first login no other page opens until it is changed."""

    without_model = True
    form_class = PasswordForm
    template_name = "registration/password_change.html"
    success_url = reverse_lazy("home:my_day")
    success_message = _("Your password is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "account": self.request.user, "device": device_of(self.request)}

    def perform(self, form: Any) -> Account:
        account = cast(Account, self.request.user)
        changed = password_change(
            account=account,
            new_password=form.cleaned_data["new_password"],
            kept_keys=[key.pk for key in form.cleaned_data.get("kept_keys") or ()],
            address=address_now(),
            device=device_of(self.request),
            by=account.person,
        )
        # The change ends all sessions of the account but this one.
        update_session_auth_hash(self.request, changed)
        return changed


class PersonPicker(KernelPickerView):
    """People by any part of their name, for pickers: `?q=&role=`."""

    model = Person
    # Who holds any other role is not for everybody to ask.
    ROLES = (Role.ACCOUNT_MANAGER,)

    def get_rows(self, text: str) -> Iterable[Person]:
        role = self.request.GET.get("role", "")
        if role and role not in self.ROLES:
            raise BadInput(_("People cannot be searched by this role here."), field="role")
        return person_search(viewer=self.person, text=text, roles=[role] if role else ())

    def get_hint(self, row: Person) -> str:
        return person_hint(row)


class KeyList(KernelListView):
    """The keys of other systems that act for oneself."""

    model = ApiKey
    title = _("My API keys")
    noun = _("API keys")
    selector = staticmethod(own_keys)
    table_class = ApiKeyTable
    empty_title = _("No other system acts for you")
    empty_text = _("The system administrator creates keys of other systems; those that act for you stand here.")


class KeyRevoke(KernelActionView):
    """End a key that acts for oneself."""

    model = ApiKey
    action = "revoke"
    form_class = forms.Form
    crumbs = ((KeyList.title, reverse_lazy("key_list")),)
    title = _("Revoke the key")
    submit_label = _("Revoke")
    success_message = _("The key is revoked.")
    success_url = cancel_url = reverse_lazy("key_list")
    consequence = _("The other system is refused from its next request on. This cannot be undone.")

    def perform(self, form: forms.Form) -> ApiKey:
        return api_key_revoke(key=self.object, by=self.person)
