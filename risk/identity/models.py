"""A change of who a client is, once a rating or a project rests on it: proposed with a paper, decided by another."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.file.models import NAME_LENGTH, ClientType
from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock


class IdentityChange(KeptWords):
    """One proposed change of name, credit code or type. It is withdrawn by who proposed it."""

    KEEPS = ("proposed_by", "decided_by")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    client = models.ForeignKey(
        "clients.Client", models.PROTECT, related_name="identity_changes", verbose_name=_("client")
    )
    former_name = models.CharField(_("former name"), max_length=NAME_LENGTH)
    former_code = models.CharField(_("former credit code"), max_length=18, blank=True, default="")
    former_type = models.CharField(_("former type"), max_length=12, choices=ClientType.choices)
    name = models.CharField(_("new name"), max_length=NAME_LENGTH)
    credit_code = models.CharField(_("new credit code"), max_length=18, blank=True, default="")
    client_type = models.CharField(_("new type"), max_length=12, choices=ClientType.choices)
    reason = models.TextField(_("reason"), max_length=2000)
    paper = models.ForeignKey(
        "kernel.StoredFile", models.PROTECT, related_name="+", verbose_name=_("supporting document")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PROPOSED)

    proposed_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"), default=clock.now)
    decided_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_reason = models.CharField(_("reason for declining"), max_length=500, blank=True, default="")

    objects = AccessManager()

    class Meta:
        verbose_name = _("change of a client's identity")
        verbose_name_plural = _("changes of clients' identity")
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(status="proposed"), name="risk_identitychange_one_proposed"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="risk_identitychange_two_people",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(status="withdrawn", decided_by__isnull=True, decided_at__isnull=False)
                | Q(status="confirmed", decided_by__isnull=False, decided_at__isnull=False)
                | (Q(status="rejected", decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_reason="")),
                name="risk_identitychange_status_has_its_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.former_name} → {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("risk:identity_change", args=[self.pk])
