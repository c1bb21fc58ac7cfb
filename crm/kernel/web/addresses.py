"""Whose address a request comes from, also behind proxies. Asked once a request, kept in the audit context."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address


def client_address(request: HttpRequest) -> str | None:
    """The nearest address that is no proxy of ours; None where the peer has none (a Unix socket).

    Each proxy of TRUSTED_PROXIES adds on the right of X-Forwarded-For whom it speaks for. So the header is read from
    the right for as long as the speaker is trusted; what stands further left, or comes from anybody else, is what a
    client likes to claim. An entry that is no address ends the walk at the last good one.
    """
    found = _parsed(request.META.get("REMOTE_ADDR", ""))
    named = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while found is not None and named and _is_trusted(found):
        further = _parsed(named.pop())
        if further is None:
            break
        found = further
    return str(found) if found else None


def _parsed(text: str) -> Address | None:
    """An address without zone; one of IPv4 that a double-stack socket wrote as IPv6 is read as IPv4."""
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        return None if found.scope_id else found.ipv4_mapped or found
    return found


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)
