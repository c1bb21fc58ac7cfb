"""Whose address a request comes from: a trusted proxy's word from the right, nobody else's."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from crm.kernel.web.addresses import client_address
from crm.settings.base import networks

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


def asked(peer: str, forwarded: str | None = None) -> str | None:
    extra: dict[str, Any] = {"REMOTE_ADDR": peer} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})
    return client_address(RequestFactory().get("/", **extra))


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.9, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.9,203.0.113.7 ,10.2.2.2", "203.0.113.7"),
        ("::ffff:10.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("fd00::1", "::ffff:203.0.113.7", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.9", "203.0.113.7"),
        ("203.0.113.7", "10.0.0.1", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.9, unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.9, unknown, 10.2.2.2", "10.2.2.2"),
        ("10.0.0.1", "198.51.100.9,", "10.0.0.1"),
        ("10.0.0.1", "fe80::1%eth0", "10.0.0.1"),
        ("10.0.0.1", "10.3.3.3, 10.2.2.2", "10.3.3.3"),
        ("", "203.0.113.7", None),
        ("unix:", "203.0.113.7", None),
    ],
)
def test_only_trusted_proxies_say_for_whom_they_speak(
    settings: Any, peer: str, forwarded: str | None, found: str | None
) -> None:
    settings.TRUSTED_PROXIES = PROXIES
    assert asked(peer, forwarded) == found


def test_nobody_is_trusted_unless_named() -> None:
    assert asked("10.0.0.1", "203.0.113.7") == "10.0.0.1"


def test_the_setting_takes_networks_and_says_what_it_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8")
    assert networks("TRUSTED_PROXIES") == PROXIES
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.1/8")
    with pytest.raises(ImproperlyConfigured, match="host bits"):
        networks("TRUSTED_PROXIES")
