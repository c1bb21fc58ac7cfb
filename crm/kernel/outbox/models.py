"""Work that is due at a moment, and the runs of the periodic jobs. PostgreSQL is the queue of record."""

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock


class DueItem(models.Model):
    """One piece of work of a `kind` about one object, due at a moment, perhaps for one person; done once.

    The unique key is what makes a reminder exactly-once: whoever schedules it twice schedules it once.
    """

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("delivery", "Waiting")
        DONE = "done", _("Done")
        DEAD = "dead", _("Abandoned")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(_("kind"), max_length=60)
    object_type = models.CharField(_("object type"), max_length=100)
    object_id = models.CharField(_("object id"), max_length=64)
    due_at = models.DateTimeField(_("due at"))
    # By its name: people is a layer above this module.
    recipient = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("recipient")
    )
    data = models.JSONField(_("data"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt at"))
    last_error = models.TextField(_("last error"), blank=True)
    done_at = models.DateTimeField(_("done at"), null=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-due_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_type", "object_id", "due_at", "recipient"],
                name="kernel_dueitem_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at__isnull=True)),
                name="kernel_dueitem_done_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], name="kernel_dueitem_waiting", condition=Q(state="pending")),
            models.Index(fields=["-due_at", "-id"], name="kernel_dueitem_dead", condition=Q(state="dead")),
            models.Index(fields=["object_type", "object_id"], name="kernel_dueitem_object"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.object_type} {self.object_id}"

    def find_subject(self) -> models.Model | None:
        """The object the work is about; None when it is gone (then there is nothing left to do)."""
        return apps.get_model(self.object_type)._default_manager.filter(pk=self.object_id).first()


class JobRun(models.Model):
    """One run of a job: when, how far, what it counted. Of frequent small jobs only the last run is kept."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    name = models.CharField(_("job"), max_length=100)
    key = models.CharField(_("about"), max_length=100, blank=True)
    started_at = models.DateTimeField(_("started at"), default=clock.now)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    done = models.PositiveBigIntegerField(_("done"), default=0)
    total = models.PositiveBigIntegerField(_("of"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    error = models.TextField(_("error"), blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", finished_at__isnull=True)
                | (~Q(state="running") & Q(finished_at__isnull=False)),
                name="kernel_jobrun_ends_with_a_time",
            )
        ]
        indexes = [models.Index(fields=["name", "-started_at"], name="kernel_jobrun_last")]

    def __str__(self) -> str:
        return f"{self.name} {self.key}".strip()
