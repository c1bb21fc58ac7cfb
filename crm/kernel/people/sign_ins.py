"""Tries to sign in and the places from which an account has signed in before, kept for the throttle."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.people.models import Account
from crm.kernel.workdays import clock


class Place(models.TextChoices):
    """From where somebody tries to sign in: each has a budget of its own (`throttle`)."""

    UNKNOWN = "", _("unknown")
    NETWORK = "network", _("known network")
    DEVICE = "device", _("known device")


class LoginAttempt(models.Model):
    """A failed try, kept for the throttle: by account and place, by account and address, and by address alone."""

    login = models.CharField(max_length=60)
    address = models.GenericIPAddressField()
    place = models.CharField(max_length=7, choices=Place.choices, blank=True, default=Place.UNKNOWN)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["login", "address", "at"], name="kernel_attempt_by_both"),
            models.Index(fields=["address", "at"], name="kernel_attempt_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.login} @ {self.address}"


class KnownPlace(models.Model):
    """A browser or network from which an account has signed in before. Only a keyed digest of it is kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="known_places")
    kind = models.CharField(max_length=7, choices=Place.choices)
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "digest"], name="kernel_knownplace_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[Place.NETWORK, Place.DEVICE]), name="kernel_knownplace_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} · {self.kind}"
