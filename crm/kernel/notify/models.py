"""What a person was told, and how they want to be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.querysets import AccessManager
from crm.kernel.notify import kinds
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock


class Mail(models.TextChoices):
    AT_ONCE = "at_once", _("Immediately")
    DIGEST = "digest", _("Daily digest")
    NONE = "none", _("No e-mail")


class Notice(models.Model):
    """One thing one person was told; the unique key makes it exactly once."""

    recipient = models.ForeignKey(Person, models.PROTECT, related_name="notices", verbose_name=_("recipient"))
    kind = models.CharField(_("kind"), max_length=60)
    object_type = models.CharField(_("object type"), max_length=100)
    object_id = models.CharField(_("object id"), max_length=64)
    due_at = models.DateTimeField(_("due at"))
    data = models.JSONField(_("data"), default=dict)
    url = models.CharField(_("address"), max_length=300)
    is_escalation = models.BooleanField(_("escalation"), default=False)
    created_at = models.DateTimeField(_("created at"), default=clock.now)
    read_at = models.DateTimeField(_("read at"), null=True)
    mail = models.CharField(_("e-mail"), max_length=10, choices=Mail, default=Mail.AT_ONCE)
    mailed_at = models.DateTimeField(_("sent at"), null=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_type", "object_id", "due_at", "recipient"], name="kernel_notice_once"
            )
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="kernel_notice_list"),
            models.Index(fields=["recipient"], name="kernel_notice_unread", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["object_type", "object_id", "recipient", "id"], name="kernel_notice_of_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.object_type} {self.object_id}"

    @property
    def title(self) -> str:
        """The sentence in the reader's language."""
        return kinds.title_of(self.kind, self.data)

    @property
    def icon(self) -> str:
        return kinds.kind_of(self.kind).icon


class NoticePreference(models.Model):
    """How one person gets the e-mails of one family of notices; without a row, at once."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="notice_preferences", verbose_name=_("person"))
    family = models.CharField(_("kind"), max_length=40)
    mail = models.CharField(_("e-mail"), max_length=10, choices=Mail, default=Mail.AT_ONCE)

    objects = AccessManager()

    class Meta:
        verbose_name = _("notice preference")
        verbose_name_plural = _("notice preferences")
        constraints = [models.UniqueConstraint(fields=["person", "family"], name="kernel_noticepreference_once")]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.family}: {self.mail}"
