"""Keys of other systems."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock


class ApiKey(models.Model):
    """A key of another system, acting as one account. Only its SHA-256 is kept; it works once a second person confirmed
    it. One of the operator's command line names nobody.

    It opens at most what its account may, and of that only reading unless `may_write`, only the named `areas` (labels
    of apps; none: all), only from the named `networks` (CIDR; none: any), until `expires_at`.
    """

    account = models.ForeignKey("kernel.Account", models.PROTECT, related_name="api_keys", verbose_name=_("account"))
    name = models.CharField(_("label"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=clock.now)
    made_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("created by")
    )
    confirmed_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    may_write = models.BooleanField(_("may write"), default=True, db_default=True)
    areas = ArrayField(models.CharField(max_length=20), verbose_name=_("areas"), default=list, db_default=[])
    networks = ArrayField(
        models.CharField(max_length=43), verbose_name=_("source networks"), default=list, db_default=[]
    )
    # Empty only for a key that a release before this column made while both ran.
    expires_at = models.DateTimeField(_("valid until"), null=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    last_used_from = models.GenericIPAddressField(_("last used from"), null=True, editable=False)

    objects = AccessManager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="kernel_apikey_label_once"),
            models.CheckConstraint(condition=~Q(confirmed_by=F("made_by")), name="kernel_apikey_two_people"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(made_by__isnull=True) | Q(confirmed_by__isnull=False),
                name="kernel_apikey_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="kernel_apikey_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> str:
        """How it stands: revoked, ended, waiting for its confirmation, or in use."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at is not None and self.expires_at <= clock.now():
            return "ended"
        return "active" if self.confirmed_at is not None else "waiting"
