"""One store for files. What a file is attached to lives with the subject, not here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.querysets import AccessManager


class StoredFile(models.Model):
    """The bytes of one upload, named by their SHA-256. Rows are written once and never changed."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    name = models.CharField(_("file name"), max_length=160)
    content_type = models.CharField(_("content type"), max_length=100)
    storage_name = models.CharField(_("location in the store"), max_length=120)
    # Nobody: a visitor sent it with a public form.
    uploaded_by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    created_at = models.DateTimeField(_("created at"))

    objects = AccessManager()

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="kernel_storedfile_sha256"
            ),
        ]

    def __str__(self) -> str:
        return self.name
