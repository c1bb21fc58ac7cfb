"""`Authorization: Bearer KEY`: another system acting as one account."""

import hashlib
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from crm.kernel.audit import context
from crm.kernel.people.middleware import keep_scope
from crm.kernel.people.models import Account, ApiKey
from crm.kernel.people.selectors import account_with_rights


def digest_of(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApiKeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Account, ApiKey] | None:
        scheme, _space, key = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        living = ApiKey.objects.filter(confirmed_at__isnull=False, revoked_at__isnull=True)
        found = living.filter(digest=digest_of(key.decode("latin-1"))).first()
        account = found and account_with_rights(pk=found.account_id)
        if not found or not account or account.must_change_password:
            raise AuthenticationFailed(
                _(
                    "This key is unknown, not yet confirmed or revoked, or its account is closed or still needs "
                    "a password."
                )
            )
        request._request.person = keep_scope(account, request._request)  # type: ignore[attr-defined]
        context.bind_account(account_id=account.pk, account_name=account.login)
        return account, found

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):
    """How the schema names the key."""

    target_class = "crm.kernel.people.api_auth.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "`manage.py api_key` prints one, once."}
