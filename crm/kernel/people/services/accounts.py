"""Accounts: made, reset, opened, closed, and the change of one's own password."""

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import permit, require
from crm.kernel.access.errors import BadInput, RuleRefused
from crm.kernel.access.grants import end_grants_of
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.people.models import Account, ApiKey, Person
from crm.kernel.people.services.held import insert, takes_two, tell_people
from crm.kernel.people.throttle import forget_places
from crm.kernel.text.identifying import login_name
from crm.kernel.workdays import clock


@transaction.atomic
def account_create(
    *, person: Person, login: str, password: str, must_change_password: bool = True, by: Viewer
) -> Account:
    """A way in for `person`; the first login asks for a new password unless told otherwise (demo, other systems).

    For a person with a role it stays closed until the security administrator opens it (`account_switch`).
    """
    require(by, "create", Account)
    login = login_name(login)
    account = Account(person=person, login=login, must_change_password=must_change_password, password_set_by_id=by.pk)
    account.is_active = not takes_two(person, by)
    if not by.is_system:
        _check_password(account, password, field="password")
    account.set_password(password)
    insert(account, field="login", taken=_("This login is already in use."))
    record("account.created", subject=account, by=by, data={"person": person.pk, "open": account.is_active})
    tell_people([person.pk], act="account.created", subject=account, by=by)
    return account


@transaction.atomic
def account_reset(*, account: Account, password: str, expected_version: int | None, by: Viewer) -> Account:
    """A temporary password from the administrator; the next login asks for a new one, sessions and keys end.

    An account of a person with a role is closed by it and opened again by the security administrator.
    """
    closes = takes_two(account.person, by)
    account = permit(Account, by, "change", expected_version=expected_version, lock=True, pk=account.pk)
    _check_password(account, password, field="password")
    account.set_password(password)
    account.must_change_password = True
    account.is_active = account.is_active and not closes
    account.password_set_by_id, account.opened_by = by.pk, None
    account.version += 1
    account.save()
    end_keys(account)
    record("account.password_reset", subject=account, by=by, data={"open": account.is_active})
    tell_people([account.person_id], act="account.password_reset", subject=account, by=by)
    return account


@transaction.atomic
def account_switch(*, account: Account, is_active: bool, expected_version: int | None, by: Viewer) -> Account:
    """Close an account, or open it again if its person still works here. It bites in the next request.

    Closing is for good: sessions, keys, grants, known browsers and the password end. So opening again needs a new
    temporary password first, and for a person with a role somebody other than who set it.
    """
    two = is_active and takes_two(account.person, by)
    action = "open" if two else "change"
    account = permit(Account, by, action, expected_version=expected_version, lock=True, pk=account.pk)
    if not is_active:
        close_account(account, by=by)
        return account
    if not account.person.is_active:
        raise RuleRefused(_("This person has left; their account stays closed."), field="is_active")
    if not account.has_usable_password():
        raise RuleRefused(
            _("The account was closed: set a temporary password before it is opened again."), field="is_active"
        )
    account.is_active = True
    account.opened_by_id = by.pk if two else None
    account.version += 1
    try:
        with transaction.atomic():
            account.save(update_fields=["is_active", "opened_by", "version"])
    except IntegrityError:
        raise RuleRefused(
            _("You set the password of this account: another person opens it."), field="is_active", code="own_password"
        ) from None
    record("account.opened", subject=account, by=by)
    tell_people([account.person_id], act="account.opened", subject=account, by=by)
    return account


def close_account(account: Account, *, by: Viewer, role: str = "", grants: bool = True) -> None:
    """Close a held account for good: its password is void, sessions, keys, known browsers and grants end.

    `grants`: not where its person goes on working with the same objects after a new password (ADR 7). `role`: the
    first role for which its person now needs two people.
    """
    keys = end_keys(account)
    # The hash in every session is made of the password: none of them fits again.
    account.set_unusable_password()
    account.must_change_password = True
    account.is_active = False
    account.password_set_by = account.opened_by = None
    account.version += 1
    account.save()
    forget_places(account=account)
    ended = end_grants_of(account) if grants else 0
    data = {"keys_ended": keys, "grants_ended": ended} | ({"role": role} if role else {})
    record("account.closed", subject=account, by=by, data=data)


def end_keys(account: Account, *, kept: Iterable[int] = ()) -> int:
    """Revoke the account's keys, save those of `kept`; how many ended."""
    keys = ApiKey.objects.filter(account=account, revoked_at__isnull=True).exclude(pk__in=list(kept))
    return keys.update(revoked_at=clock.now())


def _check_password(account: Account, password: str, *, field: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise BadInput(errors={field: error.messages}) from None


@transaction.atomic
def password_change(
    *,
    account: Account,
    new_password: str,
    kept_keys: Iterable[int] = (),
    address: str = "",
    device: str = "",
    by: Viewer,
) -> Account:
    """Set a new password of one's own; it may not be the old one. A reset that came between counts, not this.

    Ends all other sessions, every key but `kept_keys`, and what is known of other browsers and networks than the one
    at hand.
    """
    if account.person_id != by.pk:
        require(by, "change", account)
    row = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if row.password != account.password:
        raise BadInput(_("The current password is incorrect."), field="old_password")
    _check_password(row, new_password, field="new_password")
    if row.check_password(new_password):
        raise BadInput(_("The new password must differ from the old one."), field="new_password")
    row.set_password(new_password)
    row.must_change_password = False
    row.save(update_fields=["password", "must_change_password"])
    ended = end_keys(row, kept=kept_keys)
    forget_places(account=row, but_address=address, but_device=device)
    record("account.password_changed", subject=row, by=by, data={"keys_ended": ended})
    return row
