"""What a key of another system opens of what its account may: reading or all, areas, networks, until when."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from crm.kernel.access.errors import BadInput, NotPermitted, Text
from crm.kernel.modules import ModularConfig
from crm.kernel.people.models import ApiKey
from crm.kernel.workdays import clock

MOST_NETWORKS = 20
# A key that is busy writes its last use this often.
USE_KEPT_EVERY = timedelta(minutes=10)


def area_choices() -> list[tuple[str, Text]]:
    """The parts of the product that a key may be confined to: each app by its label."""
    return [(app.label, app.verbose_name) for app in apps.get_app_configs() if isinstance(app, ModularConfig)]


def check_areas(areas: Iterable[str]) -> list[str]:
    """Sorted and without repeats; BadInput naming one that does not exist."""
    known = {label for label, _name in area_choices()}
    for area in areas:
        if area not in known:
            raise BadInput(_("There is no area %(area)s.") % {"area": area[:20]}, field="areas", code="choice")
    return sorted(set(areas))


def check_networks(networks: Iterable[str]) -> list[str]:
    """Networks in CIDR notation, a single address as one of its own; BadInput naming one that is none."""
    found = []
    for text in networks:
        try:
            found.append(str(ip_network(text.strip())))
        except ValueError:
            reason = _("%(text)s is no network. Example: 10.20.0.0/16") % {"text": text[:50]}
            raise BadInput(reason, field="networks", code="network") from None
    if len(found) > MOST_NETWORKS:
        raise BadInput(_("At most %(most)d networks.") % {"most": MOST_NETWORKS}, field="networks", code="too_many")
    return sorted(set(found))


def check_end(expires_at: datetime | None) -> datetime:
    """The end of a new key, the latest possible one where none is given; BadInput for one that is past or too late."""
    now = clock.now()
    latest = now + timedelta(days=settings.API_KEY_MOST_DAYS)
    if expires_at is None:
        return latest
    if not now < expires_at <= latest:
        reason = _("A key ends within %(days)d days from now.") % {"days": settings.API_KEY_MOST_DAYS}
        raise BadInput(reason, field="expires_at", code="range")
    return expires_at


def living() -> Q:
    """Keys that are confirmed, not revoked and not past their end."""
    ends = Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now())
    return Q(confirmed_at__isnull=False, revoked_at__isnull=True) & ends


def may_come_from(key: ApiKey, address: str) -> bool:
    """Whether the key may be used from this address."""
    if not key.networks:
        return True
    found = ip_address(address)
    plain = getattr(found, "ipv4_mapped", None) or found
    return any(plain in ip_network(network) for network in key.networks)


def note_use(key: ApiKey, address: str) -> None:
    """Keep when and from where the key was used, not oftener than every `USE_KEPT_EVERY` from one address."""
    now = clock.now()
    is_fresh = key.last_used_at is not None and now - key.last_used_at < USE_KEPT_EVERY
    if is_fresh and key.last_used_from == address:
        return
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=now, last_used_from=address)


class WithinKey(BasePermission):
    """Refuses by name what the key does not open; whoever is logged in with a session has no key."""

    def has_permission(self, request: Request, view: Any) -> bool:
        key = request.auth
        if not isinstance(key, ApiKey):
            return True
        if request.method not in SAFE_METHODS and not key.may_write:
            raise NotPermitted(_("This key only reads."), code="key_reads")
        area = view.model._meta.app_label if hasattr(view, "model") else ""
        if key.areas and area and area not in key.areas:
            raise NotPermitted(_("This key does not open this area."), code="key_area")
        return True
