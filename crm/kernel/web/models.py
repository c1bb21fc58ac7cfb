"""Answers kept for a repeated request."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptAnswer(models.Model):
    """The answer to one write of the API that came with an `Idempotency-Key`, kept with its effect for a day.

    `digest` tells what was sent (method, address, version, body); `is_visible` whether the row was the account's to
    see afterwards. No foreign key: an account's requests must not block its row, nor its row them.
    """

    account_id = models.BigIntegerField(_("account id"))
    key = models.CharField(_("key"), max_length=100)
    digest = models.CharField(_("digest of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"))
    etag = models.CharField(_("version"), max_length=40, blank=True)
    body = models.TextField(_("answer"))
    subject_id = models.BigIntegerField(_("subject id"), null=True)
    is_visible = models.BooleanField(_("visible"), default=False)
    at = models.DateTimeField(_("time"), db_index=True)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["account_id", "key"], name="kernel_keptanswer_once")]

    def __str__(self) -> str:
        return f"{self.status} {self.key}"
