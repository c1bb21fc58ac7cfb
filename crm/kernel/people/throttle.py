"""Failed logins slow down the place they come from, never the person they aim at.

Counted per account and kind of place, per account and address, and per address over all accounts. Strangers share one
budget for an account, however many addresses they use; a browser or network from which the account has signed in
before has a budget of its own, so that strangers lock nobody out from where they usually come. Together the three
budgets of an account let no more than 20 tries an hour reach the password check (trust row 41).
Figures: settings, since people stand below the parameters (rules 7.4, ADR 3).
"""

import secrets
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address

from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from crm.kernel.access.errors import TooMany
from crm.kernel.people.models import Account
from crm.kernel.people.sign_ins import KnownPlace, LoginAttempt, Place
from crm.kernel.workdays import clock

SALT = "kernel.people.known_place"


def origin(address: str) -> str:
    """What counts as one address: an IPv6 host has a whole /64 of them to itself."""
    found = ip_address(address)
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((int(found), 64), strict=False).network_address)


def network_of(address: str) -> str:
    """The network that an address, as `origin` gives it, belongs to: /24 of IPv4, /48 of IPv6."""
    found = ip_address(address)
    if isinstance(found, IPv4Address):
        return str(IPv4Network((int(found), 24), strict=False))
    return str(IPv6Network((int(found), 48), strict=False))


def _digest(login: str, kind: str, value: str) -> str:
    """What is kept of a place: it names neither address nor browser and fits one account only."""
    return salted_hmac(SALT, f"{login}|{kind}|{value}", algorithm="sha256").hexdigest()


def _digests(login: str, address: str, device: str) -> dict[str, str]:
    """The digests of where a try comes from, by kind of place; the best known kind first."""
    found: dict[str, str] = {Place.DEVICE: _digest(login, Place.DEVICE, device)} if device else {}
    return {**found, Place.NETWORK: _digest(login, Place.NETWORK, network_of(address))}


@transaction.atomic(durable=True)
def login_begins(*, login: str, address: str, device: str = "") -> str:
    """Count a try as failed before the password is looked at; the place whose budget it used.

    `device`: the token of the browser's cookie. TooMany when no budget of the place it comes from is left. A login
    that no account has is counted alike, with the same queries.

    Counted and written under one lock per address and one per login, and committed: many tries at one moment pass one
    by one, so no more passwords are looked at than the limits allow. The locks are free again before the password is
    hashed.
    """
    now, address, login = clock.now(), origin(address), login[:60]
    since = now - timedelta(minutes=settings.LOGIN_ACCOUNT_WINDOW_MINUTES)
    with connection.cursor() as cursor:
        # Always the address first: two tries never wait for each other.
        for key in (f"login from {address}", f"login as {login}"):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    for place in [*_known_kinds(login, address, device), Place.UNKNOWN]:
        if _is_left(login, address, place):
            LoginAttempt.objects.create(login=login, address=address, place=place, at=now)
            LoginAttempt.objects.filter(address=address, at__lte=since).delete()
            return place
    raise TooMany(code="login_throttled")


def _known_kinds(login: str, address: str, device: str) -> list[str]:
    """As what the account knows this place, best known first."""
    digests = _digests(login, address, device)
    since = clock.now() - timedelta(days=settings.KNOWN_PLACE_DAYS)
    rows = KnownPlace.objects.filter(account__login=login, digest__in=digests.values(), used_at__gt=since)
    known = set(rows.values_list("kind", flat=True))
    return [kind for kind in digests if kind in known]


def _is_left(login: str, address: str, place: str) -> bool:
    """Whether another try may be made from this kind of place."""
    now = clock.now()
    hour = now - timedelta(minutes=settings.LOGIN_ACCOUNT_WINDOW_MINUTES)
    spent = LoginAttempt.objects.filter(login=login, place=place, at__gt=hour).count()
    if spent >= settings.LOGIN_TRIES_PER_ACCOUNT[place]:
        return False
    if place == Place.DEVICE:
        # Nobody else has this browser: what others do at its address does not concern it.
        return True
    recent = LoginAttempt.objects.filter(
        address=address, at__gt=now - timedelta(minutes=settings.LOGIN_WINDOW_MINUTES)
    ).exclude(place=Place.DEVICE)
    if recent.filter(login=login, place=place).count() >= settings.LOGIN_TRIES:
        return False
    return recent.count() < settings.LOGIN_TRIES_PER_ADDRESS


@transaction.atomic
def login_succeeded(*, account: Account, address: str, place: str, device: str = "") -> str:
    """A true login: this account's failures from this place are cleared, and the place is known from now on.

    The failures of other accounts, and what strangers tried from elsewhere, stay counted. Gives the token that the
    browser keeps: its own if the account knows it, else a new one, so that nobody can plant a token they know.
    """
    address, now = origin(address), clock.now()
    LoginAttempt.objects.filter(login=account.login, address=address, place=place).delete()
    known = account.known_places.filter(
        digest=_digest(account.login, Place.DEVICE, device),
        used_at__gt=now - timedelta(days=settings.KNOWN_PLACE_DAYS),
    )
    token = device if device and known.exists() else secrets.token_urlsafe(32)
    for kind, digest in _digests(account.login, address, token).items():
        account.known_places.update_or_create(digest=digest, defaults={"kind": kind, "used_at": now})
        newest = account.known_places.filter(kind=kind).order_by("-used_at", "-pk").values("pk")
        account.known_places.filter(kind=kind).exclude(pk__in=newest[: settings.KNOWN_PLACES]).delete()
    return token


def forget_places(*, account: Account, but_address: str = "", but_device: str = "") -> None:
    """Take every browser and network from `account`, save the one named."""
    kept = _digests(account.login, origin(but_address), but_device).values() if but_address else ()
    account.known_places.exclude(digest__in=list(kept)).delete()
