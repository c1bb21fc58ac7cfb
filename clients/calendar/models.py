"""A person's feed: the secret address that a telephone or mail program reads one's appointments from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock


class CalendarFeed(models.Model):
    """One address of one person. Only the SHA-256 of its token is kept; one at a time works."""

    person = models.ForeignKey("kernel.Person", models.PROTECT, related_name="calendar_feeds", verbose_name=_("person"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    names_clients = models.BooleanField(_("with the names of clients"), default=False)
    made_at = models.DateTimeField(_("created at"), default=clock.now)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_read_at = models.DateTimeField(_("last read at"), null=True, editable=False)

    objects = AccessManager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at__isnull=True), name="clients_feed_one_of_a_person"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)
