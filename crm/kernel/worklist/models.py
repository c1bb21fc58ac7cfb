"""The one kind of to-do: what, whose, until when, why, and what became of it."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.worklist import kinds


class Todo(VersionedModel):
    """Something one person has to do about one object until a day. At most one of a kind is open about an object."""

    kind = models.CharField(_("kind"), max_length=60)
    object_type = models.CharField(_("object type"), max_length=100)
    object_id = models.CharField(_("object id"), max_length=64)
    # Open ones are found by the indexes below, the others by their key: nobody is ever deleted.
    owner = models.ForeignKey(Person, models.PROTECT, related_name="todos", db_index=False, verbose_name=_("owner"))
    due_on = models.DateField(_("due on"))
    data = models.JSONField(_("data"), default=dict)
    url = models.CharField(_("address"), max_length=300)
    evidence = models.JSONField(_("evidence"), default=dict)
    opened_at = models.DateTimeField(_("opened at"), default=clock.now)
    done_at = models.DateTimeField(_("done at"), null=True)
    done_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("done by")
    )
    outcome = models.CharField(_("outcome"), max_length=60, blank=True)
    escalated_to = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        related_name="escalated_todos",
        db_index=False,
        verbose_name=_("escalated to"),
    )
    escalated_at = models.DateTimeField(_("escalated at"), null=True)

    objects = AccessManager()

    # Whether its reader does not see what it is about (selectors.veil): then neither name nor address is told.
    is_veiled = False
    # Whether its reader stands above its owner (selectors.veil).
    may_nudge = False

    class Meta:
        verbose_name = _("to-do")
        verbose_name_plural = _("to-dos")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_type", "object_id"],
                name="kernel_todo_one_open",
                condition=Q(done_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=False) | Q(done_by__isnull=True, outcome=""),
                name="kernel_todo_done_by_when_done",
            ),
            models.CheckConstraint(
                condition=Q(escalated_at__isnull=False) | Q(escalated_to__isnull=True),
                name="kernel_todo_escalated_to_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on", "id"], name="kernel_todo_open", condition=Q(done_at__isnull=True)),
            models.Index(
                fields=["escalated_to", "due_on", "id"],
                name="kernel_todo_escalated",
                condition=Q(done_at__isnull=True, escalated_to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.object_type} {self.object_id}"

    @property
    def title(self) -> str:
        """The sentence in the reader's language."""
        return str(kinds.kind_of(self.kind).work) if self.is_veiled else kinds.title_of(self.kind, self.data)

    @property
    def link(self) -> str:
        """Where the matter stands; for who does not see it, where they may remind its owner."""
        return self.nudge_url if self.is_veiled else self.url

    @property
    def nudge_url(self) -> str:
        """Where somebody above reminds the owner."""
        return reverse("worklist:todo_nudge", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.done_at is None
