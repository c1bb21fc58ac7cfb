"""Login by account and password; every later request reads the account's rights afresh."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from crm.kernel.access.permissions import PolicyPermissions
from crm.kernel.people.models import Account
from crm.kernel.people.selectors import account_with_rights
from crm.kernel.text.identifying import login_name


class AccountBackend(PolicyPermissions, BaseBackend):
    """Password and rights of an account; what it may do is asked of the policies."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Account | None:
        if not username or password is None or "\x00" in username:
            return None
        account = account_with_rights(login=login_name(username))
        if account is None:
            # The same work for an unknown name: the answer's time tells nothing.
            Account().set_password(password)
            return None
        return account if account.check_password(password) else None

    def get_user(self, user_id: int) -> Account | None:
        return account_with_rights(pk=user_id)
