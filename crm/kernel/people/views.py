"""The way in, the way out, one's own password."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from crm.kernel.access.errors import BadInput, DomainError
from crm.kernel.audit.services import record_read
from crm.kernel.people.forms import LoginForm, PasswordForm
from crm.kernel.people.models import Account
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import person_search
from crm.kernel.people.services import password_change


class Login(auth_views.LoginView):
    authentication_form = LoginForm
    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        account = cast(Account, form.get_user())
        record_read("account.logged_in", subject=account, by=account.person)
        return super().form_valid(form)


class Logout(auth_views.LogoutView):
    pass


class PasswordChange(FormView):
    """Also the first login's stop: nothing else opens until the password is one's own."""

    # Django's form views take a PUT for a POST.
    http_method_names = ["get", "post", "head", "options"]
    form_class = PasswordForm
    template_name = "registration/password_change.html"
    success_url = reverse_lazy("home:my_day")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "account": self.request.user}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        account = cast(Account, self.request.user)
        try:
            account = password_change(
                account=account, new_password=form.cleaned_data["new_password"], by=account.person
            )
        except DomainError as error:
            for field, texts in error.errors.items():
                form.add_error(field if field in form.fields else None, [str(text) for text in texts])
            return self.form_invalid(form)
        update_session_auth_hash(self.request, account)
        messages.success(self.request, _("Your password is changed."))
        return super().form_valid(form)


class PersonPicker(View):
    """People by the beginning of their name, for pickers: `?q=&role=`."""

    # Who holds any other role is not for everybody to ask.
    ROLES = (Role.ACCOUNT_MANAGER,)

    def get(self, request: HttpRequest) -> JsonResponse:
        viewer = request.person  # type: ignore[attr-defined]
        text, role = request.GET.get("q", "").replace("\x00", "")[:60], request.GET.get("role", "")
        if role and role not in self.ROLES:
            raise BadInput(_("No picker asks for this role."), field="role")
        found = person_search(viewer=viewer, text=text, role=role or None)
        return JsonResponse(
            {"results": [{"id": person.pk, "text": person.name, "hint": person.department.name} for person in found]}
        )
