"""Failed logins slow down the address they come from, never the person they aim at.

Counted per (account, address), and per address over all accounts; a stranger's tries from elsewhere lock nobody out.
Figures: settings, since people stand below the parameters (rules 7.4).
"""

from datetime import timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

from django.conf import settings
from django.db import connection, transaction

from crm.kernel.access.errors import TooMany
from crm.kernel.people.models import LoginAttempt
from crm.kernel.workdays import clock


def origin(address: str) -> str:
    """What counts as one address: an IPv6 host has a whole /64 of them to itself."""
    found = ip_address(address)
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((int(found), 64), strict=False).network_address)


@transaction.atomic(durable=True)
def login_begins(*, login: str, address: str) -> None:
    """Count a try as failed before the password is looked at; TooMany when the address has failed too often.

    Counted and written under one lock per address, and committed: many tries at one moment pass one by one, so no
    more passwords are looked at than the limit allows. The lock is free again before the password is hashed.
    """
    now, address = clock.now(), origin(address)
    since = now - timedelta(minutes=settings.LOGIN_WINDOW_MINUTES)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('login ' || %s, 0))", [address])
    tries = LoginAttempt.objects.filter(address=address)
    recent = tries.filter(at__gt=since)
    if recent.filter(login=login[:60]).count() >= settings.LOGIN_TRIES:
        raise TooMany(code="login_throttled")
    if recent.count() >= settings.LOGIN_TRIES_PER_ADDRESS:
        raise TooMany(code="login_throttled")
    LoginAttempt.objects.create(login=login[:60], address=address, at=now)
    tries.filter(at__lte=since).delete()


def login_succeeded(*, login: str, address: str) -> None:
    """A true login clears this address's failures for this account."""
    LoginAttempt.objects.filter(login=login, address=origin(address)).delete()
