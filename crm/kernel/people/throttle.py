"""Failed logins slow down the address they come from, never the person they aim at.

Counted per (account, address), and per address over all accounts; a stranger's tries from elsewhere lock nobody out.
Figures: settings, since people stand below the parameters (rules 7.4).
"""

from datetime import timedelta

from django.conf import settings

from crm.kernel.access.errors import TooMany
from crm.kernel.people.models import LoginAttempt
from crm.kernel.workdays import clock


def _window() -> timedelta:
    return timedelta(minutes=settings.LOGIN_WINDOW_MINUTES)


def login_allowed(*, login: str, address: str) -> None:
    """TooMany when this address has failed too often, for this account or in all."""
    since = clock.now() - _window()
    recent = LoginAttempt.objects.filter(address=address, at__gt=since)
    if recent.filter(login=login).count() >= settings.LOGIN_TRIES:
        raise TooMany(code="login_throttled")
    if recent.count() >= settings.LOGIN_TRIES_PER_ADDRESS:
        raise TooMany(code="login_throttled")


def login_failed(*, login: str, address: str) -> None:
    """Count one failure, and forget those too old to matter."""
    LoginAttempt.objects.create(login=login[:60], address=address)
    LoginAttempt.objects.filter(address=address, at__lte=clock.now() - _window()).delete()


def login_succeeded(*, login: str, address: str) -> None:
    """A true login clears this address's failures for this account."""
    LoginAttempt.objects.filter(login=login, address=address).delete()
