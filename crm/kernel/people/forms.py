"""Login and the change of one's own password: shape in; the throttle and the rules lie in the services."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import DomainError
from crm.kernel.audit import context
from crm.kernel.audit.services import count_refusal, record_refusal
from crm.kernel.people import throttle
from crm.kernel.people.models import Account, ApiKey
from crm.kernel.text.identifying import login_name
from crm.kernel.web.middleware import VISITOR


def _account(login: str) -> Account | None:
    return Account.objects.filter(login=login).first()


def _note(login: str, reason: str) -> None:
    """A refused login in the trail; what was typed is named only if it is an account's name."""
    record_refusal("account.login_refused", subject=_account(login), by=VISITOR, reason=reason)


def address_now() -> str:
    """Where the request comes from; a peer without an address is this host."""
    return context.current().ip or "127.0.0.1"


def _begin(login: str, device: str) -> str:
    """Count a try before the password is looked at; the place it came from. ValidationError when it is too many."""
    try:
        return throttle.login_begins(login=login, address=address_now(), device=device)
    except DomainError as error:
        # Thousands of them may come from anywhere: counted, the first of an hour written.
        count_refusal("account.login_refused", subject=_account(login), by=VISITOR, reason=error.code)
        raise ValidationError(str(error.message), code=error.code) from None


def device_of(request: HttpRequest | None) -> str:
    """The token that this browser was given at an earlier login."""
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "") if request else ""


class LoginForm(AuthenticationForm):
    """Account and password; refuses before the password is looked at when this address has failed too often."""

    # What the browser keeps after a true login.
    device = ""

    error_messages = {**AuthenticationForm.error_messages, "invalid_login": _("Account or password is incorrect.")}

    def clean(self) -> dict[str, Any]:
        login = login_name(self.cleaned_data.get("username") or "")
        password = self.cleaned_data.get("password")
        if not login or not password:
            return self.cleaned_data
        device = device_of(self.request)
        place = _begin(login, device)
        self.user_cache = authenticate(self.request, username=login, password=password)
        if not isinstance(self.user_cache, Account):
            _note(login, "invalid_login")
            raise self.get_invalid_login_error()
        self.device = throttle.login_succeeded(
            account=self.user_cache, address=address_now(), place=place, device=device
        )
        return self.cleaned_data


class PasswordForm(forms.Form):
    """Old password, new password twice."""

    old_password = forms.CharField(
        label=_("Current password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new_password = forms.CharField(
        label=_("New password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("Repeat new password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    kept_keys = forms.ModelMultipleChoiceField(
        label=_("API keys that stay valid"),
        help_text=_("All others end with the old password."),
        queryset=ApiKey.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, account: Account, device: str = "", **kwargs: Any) -> None:
        self.account, self.device = account, device
        super().__init__(*args, **kwargs)
        keys = account.api_keys.filter(revoked_at__isnull=True).order_by("name")
        if keys:
            self.fields["kept_keys"].queryset = keys  # type: ignore[attr-defined]
        else:
            del self.fields["kept_keys"]

    def clean_old_password(self) -> str:
        old = self.cleaned_data["old_password"]
        login, place = self.account.login, _begin(self.account.login, self.device)
        if not self.account.check_password(old):
            _note(login, "invalid_old_password")
            raise ValidationError(_("The current password is incorrect."))
        throttle.login_succeeded(account=self.account, address=address_now(), place=place, device=self.device)
        return old

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new_password") and cleaned.get("again") and cleaned["new_password"] != cleaned["again"]:
            self.add_error("again", _("The two passwords do not match."))
        return cleaned
