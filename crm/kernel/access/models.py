"""Abstract rows of access: grants with a direct foreign key, and rows that count their versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models.models import UserObjectPermissionBase


class AbstractGrant(UserObjectPermissionBase):
    """An exception on top of the scope: one account, one permission, one object, for a reason and a time.

    A subclass beside its model adds `content_object`; `source` names who asked ("co_manager", "review:SC-2026-0001"),
    so that one cause can be revoked without touching another. Written and removed only by `access.grants`.
    """

    source = models.CharField(_("source"), max_length=60)
    reason = models.CharField(_("reason"), max_length=200)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["user", "permission", "content_object", "source"], name="%(app_label)s_%(class)s_once"
            )
        ]


class VersionedModel(models.Model):
    """A row two people may edit: the version grows with each write, a stale write is refused."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True
