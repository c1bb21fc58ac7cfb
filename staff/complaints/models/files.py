"""Evidence that came with a complaint."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.querysets import AccessManager
from crm.kernel.audit.models import AppendOnly
from staff.complaints.models.complaint import Complaint


class ComplaintFile(AppendOnly):
    """One evidence file of a complaint, kept as it was sent. Migration 0061 lets nobody change or remove it."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="files", verbose_name=_("complaint"))
    file = models.ForeignKey("kernel.StoredFile", models.PROTECT, related_name="+", verbose_name=_("file"))
    added_at = models.DateTimeField(_("added at"))

    objects = AccessManager()

    class Meta:
        verbose_name = _("evidence of a complaint")
        verbose_name_plural = _("evidence of complaints")
        ordering = ["complaint_id", "id"]

    def __str__(self) -> str:
        return str(self.file)
