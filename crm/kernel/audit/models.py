"""The audit tables: events as they were written, and the seals that follow them.

Both are append-only three times over: these classes refuse, row triggers refuse, and the application role lacks the
right.
"""

from typing import Any, NoReturn

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a row that is evidence. A programming error, not a user's."""


def _refuse(what: str) -> NoReturn:
    raise AppendOnlyError(f"{what}: these rows are evidence; they are only ever added")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """A query set without the ways to change what it finds."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused."""
        _refuse("update")

    def delete(self) -> NoReturn:
        """Refused."""
        _refuse("delete")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        _refuse("bulk_update")


class AppendOnly(models.Model):
    """Abstract: rows that are written once. Pair it with `guards.append_only(table)` in the app's migration."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a second save of the same row is refused."""
        if not self._state.adding:
            _refuse("save")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        _refuse("delete")


class Outcome(models.TextChoices):
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


class AuditEvent(AppendOnly):
    """One thing that somebody did, or was refused.

    `xid`, `written_at` and `payload` are set by a trigger whatever the writer says. `payload` is the canonical text
    of all other columns: these bytes, as stored, are what the seal hashes; the columns serve queries and are checked
    against it. `evidence` holds the digests of the rows that the act left elsewhere ("app.thing:12" → SHA-256).
    No foreign keys: a row must outlive and never block what it speaks of.
    """

    id = models.BigAutoField(primary_key=True)
    # A trigger overwrites the three defaults below: a forged transaction id could hide a row from the sealer for ever.
    xid = models.BigIntegerField(editable=False, db_default=0)
    written_at = models.DateTimeField(_("written at"), editable=False, db_default=functions.Now())
    payload = models.TextField(editable=False, db_default="")
    # The application's proof that its own code named time, person and account (proof.py). Checked and emptied on entry.
    proof = models.CharField(max_length=64, editable=False, default="", db_default="")

    at = models.DateTimeField(_("time"))
    action = models.CharField(_("action"), max_length=100)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.DONE)
    reason = models.TextField(_("reason"), blank=True)
    subject_type = models.CharField(_("subject type"), max_length=100, blank=True)
    subject_id = models.CharField(_("subject id"), max_length=64, blank=True)
    subject_name = models.CharField(_("subject"), max_length=300, blank=True)
    person_id = models.BigIntegerField(_("person id"), null=True)
    person_name = models.CharField(_("person"), max_length=200)
    roles = models.CharField(_("roles"), max_length=500, blank=True)
    account_id = models.BigIntegerField(_("account id"), null=True)
    account_name = models.CharField(_("account"), max_length=200, blank=True)
    on_behalf_of_id = models.BigIntegerField(_("on behalf of (id)"), null=True)
    on_behalf_of_name = models.CharField(_("on behalf of"), max_length=200, blank=True)
    door = models.CharField(_("entry point"), max_length=10)
    ip = models.GenericIPAddressField(_("address"), null=True)
    request_id = models.CharField(_("request id"), max_length=64, blank=True)
    data = models.JSONField(_("data"), default=dict)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    evidence = models.JSONField(_("evidence"), null=True, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["xid", "id"], name="audit_event_xid"),
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_event_subject"),
            # Not the system's own work: nobody looks for that by person.
            models.Index(
                fields=["person_id", "id"], name="audit_event_person", condition=models.Q(person_id__isnull=False)
            ),
            models.Index(fields=["at", "id"], name="audit_event_at"),
            GinIndex(fields=["evidence"], name="audit_event_evidence", condition=models.Q(evidence__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.action} #{self.pk}"


class AuditSeal(AppendOnly):
    """The place of one event in the chain: `digest = sha256(digest of seq - 1 ‖ payload as stored)`; before seq 1
    stand 32 zero bytes.

    It holds nothing that the digest does not cover, so there is nothing in it that could be changed unseen.
    """

    seq = models.BigIntegerField(_("sequence"), primary_key=True)
    # No database constraint: a seal whose event is gone is evidence, and partitioning the events by month must stay
    # possible.
    event = models.OneToOneField(
        AuditEvent, verbose_name=_("audit event"), on_delete=models.DO_NOTHING, db_constraint=False, related_name="seal"
    )
    digest = models.BinaryField(_("digest"), max_length=32)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")
        ordering = ["seq"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_seal_seq_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.seq}"


class AuditAnchor(AppendOnly):
    """That an anchor was written: its number and the SHA-256 of its line.

    No second witness: it only tells when the anchor file was cut, and the file tells when this table was.
    """

    number = models.BigIntegerField(_("number"), primary_key=True)
    line_sha256 = models.CharField(_("SHA-256 of the line"), max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit anchor")
        verbose_name_plural = _("audit anchors")
        ordering = ["number"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=1), name="audit_anchor_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class RefusalCount(models.Model):
    """How often strangers were refused within an hour at one entry point for one reason, until that hour is written
    to the trail.
    """

    hour = models.DateTimeField(_("hour"))
    action = models.CharField(_("action"), max_length=100)
    reason = models.CharField(_("reason"), max_length=100)
    door = models.CharField(_("entry point"), max_length=10)
    refused = models.PositiveBigIntegerField(_("refusals"))

    class Meta:
        verbose_name = _("count of refusals")
        verbose_name_plural = _("counts of refusals")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["hour", "action", "reason", "door"], name="kernel_refusalcount_once")
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.refused}"
