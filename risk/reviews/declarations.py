"""What people declare about a client before they decide, and who is kept out by it (rules 1.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager
from crm.kernel.audit.models import AppendOnly
from crm.kernel.people.models import Person


class ConflictDeclaration(KeptWords, AppendOnly):
    """What a person declared about a client before deciding. A conflict keeps them out for 24 months (rules 1.3)."""

    KEEPS = ("person", "client")

    case = models.ForeignKey("risk.ReviewCase", models.PROTECT, related_name="declarations", verbose_name=_("case"))
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="declarations", verbose_name=_("person"))
    has_conflict = models.BooleanField(_("conflict of interest"))
    text = models.CharField(_("what the conflict is"), max_length=500, blank=True)
    declared_at = models.DateTimeField(_("declared at"))

    objects = AccessManager()

    class Meta:
        verbose_name = _("conflict declaration")
        verbose_name_plural = _("conflict declarations")
        ordering = ["declared_at", "id"]
        indexes = [models.Index(fields=["person", "client", "declared_at"], name="risk_conflictdecl_lookback")]

    def __str__(self) -> str:
        return f"{self.person} · {self.client_id}"
