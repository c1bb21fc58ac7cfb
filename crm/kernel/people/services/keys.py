"""Keys of other systems: made by one administrator, confirmed by another, revoked by one."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import permit, require
from crm.kernel.access.errors import Conflict, RuleRefused
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.outbox.services import schedule
from crm.kernel.people.api_auth import digest_of
from crm.kernel.people.key_scopes import check_areas, check_end, check_networks
from crm.kernel.people.models import Account, ApiKey, Person
from crm.kernel.people.roles import TRUSTED
from crm.kernel.people.services.held import hold_person, tell_people
from crm.kernel.workdays import clock

# Handled by `notify`, which stands above people.
KEY_ENDS = "people.key_ends"


@transaction.atomic
def api_key_create(
    *,
    account: Account,
    name: str,
    by: Viewer,
    may_write: bool = True,
    areas: Iterable[str] = (),
    networks: Iterable[str] = (),
    expires_at: datetime | None = None,
) -> str:
    """A new key for `account`; returned once, kept only as a hash. What it opens: see `ApiKey`.

    BadInput for an area or network that is none and for an end that is past or later than API_KEY_MOST_DAYS. It opens
    nothing until the security administrator, who does not see it, confirms it (`api_key_confirm`). The operator's
    command line (`by` the system) makes one that works at once.
    """
    require(by, "create", ApiKey)
    person = hold_person(account.person)
    if not by.is_system and not person.roles.isdisjoint(TRUSTED):
        raise RuleRefused(
            _("Keys for reviewers and administrators are created by the operator on the command line."),
            field="account",
            code="trusted",
        )
    if ApiKey.objects.filter(account=account, name=name).exists():
        raise Conflict(_("This account already has a key with this name."), field="name")
    opens = {
        "may_write": may_write,
        "areas": check_areas(areas),
        "networks": check_networks(networks),
        "expires_at": check_end(expires_at),
    }
    key = f"sk_{secrets.token_urlsafe(32)}"
    row = ApiKey.objects.create(account=account, name=name, digest=digest_of(key), **opens, **_made(by))
    record("api_key.created", subject=row, by=by, data={"account": account.login, "label": name, **opens})
    _warn_of_end(row, person)
    tell_people([person.pk], act="api_key.created", subject=row, by=by)
    return key


def _warn_of_end(key: ApiKey, person: Person) -> None:
    """Let whom it acts for hear some days before the key ends."""
    if key.expires_at is not None:
        due_at = max(clock.now(), key.expires_at - timedelta(days=settings.API_KEY_WARN_DAYS))
        schedule(kind=KEY_ENDS, subject=key, due_at=due_at, recipient=person)


def _made(by: Viewer) -> dict[str, object]:
    return {"confirmed_at": clock.now()} if by.is_system else {"made_by_id": by.pk}


@transaction.atomic
def api_key_confirm(*, key: ApiKey, by: Viewer) -> ApiKey:
    """Let a key work: by somebody other than who made it and other than whom it acts for."""
    person = hold_person(key.account.person)
    key = permit(ApiKey, by, "confirm", lock=True, pk=key.pk)
    if key.revoked_at is not None:
        raise Conflict(_("This key has already been revoked."))
    if key.expires_at is not None and key.expires_at <= clock.now():
        raise Conflict(_("This key has already ended."))
    if key.confirmed_at is not None:
        raise Conflict(_("This key has already been confirmed."))
    if not person.roles.isdisjoint(TRUSTED):
        raise RuleRefused(
            _("Keys for reviewers and administrators are created by the operator on the command line."),
            code="trusted",
        )
    key.confirmed_by_id, key.confirmed_at = by.pk, clock.now()
    try:
        with transaction.atomic():
            key.save(update_fields=["confirmed_by", "confirmed_at"])
    except IntegrityError:
        raise RuleRefused(_("You made this key: another person confirms it."), code="own_key") from None
    record("api_key.confirmed", subject=key, by=by, data={"account": key.account.login, "label": key.name})
    tell_people([person.pk], act="api_key.confirmed", subject=key, by=by)
    return key


@transaction.atomic
def api_key_revoke(*, key: ApiKey, by: Viewer) -> ApiKey:
    """End a key: the next request with it is refused. The row stays."""
    key = permit(ApiKey, by, "revoke", lock=True, pk=key.pk)
    if key.revoked_at is not None:
        raise Conflict(_("This key has already been revoked."))
    key.revoked_at = clock.now()
    key.save(update_fields=["revoked_at"])
    record("api_key.revoked", subject=key, by=by, data={"account": key.account_id})
    return key
