"""`Authorization: Bearer KEY`: another system acting as one account."""

import hashlib
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from crm.kernel.audit import context
from crm.kernel.audit.services import count_refusal
from crm.kernel.people.key_scopes import living, may_come_from, note_use
from crm.kernel.people.middleware import keep_scope
from crm.kernel.people.models import Account, ApiKey
from crm.kernel.people.selectors import account_with_rights
from crm.kernel.web.middleware import VISITOR


def digest_of(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApiKeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Account, ApiKey] | None:
        scheme, _space, key = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        found = ApiKey.objects.filter(living(), digest=digest_of(key.decode("latin-1"))).first()
        address = context.current().ip or "127.0.0.1"
        if found and not may_come_from(found, address):
            # A key that has left its owner's hands: seen in the trail, told to the caller as any other.
            count_refusal("api_key.used_elsewhere", subject=found, by=VISITOR, reason="network")
            found = None
        account = found and account_with_rights(pk=found.account_id)
        if not found or not account or account.must_change_password:
            raise AuthenticationFailed(
                _(
                    "This key is unknown, not yet confirmed, revoked, past its end or used from another network, or "
                    "its account is closed or still needs a password."
                )
            )
        note_use(found, address)
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
