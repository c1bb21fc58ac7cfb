"""An import: the table as it was sent, what each row would do, what it did."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.attachments.models import StoredFile
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock


class ImportRun(VersionedModel):
    """One file of one person, from upload to undo. `mapping`: for each column the field it fills, or ""."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", pgettext_lazy("import", "Columns to be assigned")
        CHECKING = "checking", pgettext_lazy("import", "Being checked")
        CHECKED = "checked", pgettext_lazy("import", "Checked")
        RUNNING = "running", pgettext_lazy("import", "Being imported")
        DONE = "done", pgettext_lazy("import", "Imported")
        CANCELLED = "cancelled", pgettext_lazy("import", "Stopped")
        UNDOING = "undoing", pgettext_lazy("import", "Being undone")
        UNDONE = "undone", pgettext_lazy("import", "Undone")

    entity = models.CharField(_("kind of rows"), max_length=40)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    headers = models.JSONField(_("headers"), default=list)
    mapping = models.JSONField(_("assignment of columns"), default=list)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    total = models.PositiveIntegerField(_("rows"), default=0)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("imported by"))
    created_at = models.DateTimeField(_("uploaded at"), default=clock.now)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    undone_at = models.DateTimeField(_("undone at"), null=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["person", "-created_at", "-id"], name="kernel_importrun_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "uploaded", "checking", "checked", "running", "done", "cancelled", "undoing", "undone",
                    ]
                ),
                name="kernel_importrun_state_known",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.file)

    def get_absolute_url(self) -> str:
        return reverse("imports:import_detail", args=[self.pk])


class ImportRow(models.Model):
    """One row as it was sent. `verdict` says what it would do, `outcome` what it did; both empty: not yet."""

    class Verdict(models.TextChoices):
        CREATE = "create", pgettext_lazy("import", "New")
        UPDATE = "update", pgettext_lazy("import", "Changes")
        SKIP = "skip", pgettext_lazy("import", "Nothing to change")
        WRONG = "wrong", pgettext_lazy("import", "With errors")

    class Outcome(models.TextChoices):
        CREATED = "created", pgettext_lazy("import", "Created")
        UPDATED = "updated", pgettext_lazy("import", "Updated")
        SKIPPED = "skipped", pgettext_lazy("import", "Skipped")
        FAILED = "failed", pgettext_lazy("import", "Refused")
        UNDONE = "undone", pgettext_lazy("import", "Undone")
        KEPT = "kept", pgettext_lazy("import", "Not undone")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(_("cells"))
    key = models.CharField(_("key"), max_length=200, blank=True)
    verdict = models.CharField(_("check"), max_length=6, choices=Verdict, blank=True)
    outcome = models.CharField(_("result"), max_length=7, choices=Outcome, blank=True)
    # [field, reason] pairs in the language of who imports.
    errors = models.JSONField(_("reasons"), default=list)
    subject_id = models.BigIntegerField(_("number of the record"), null=True)
    subject_version = models.PositiveIntegerField(_("version of the record"), null=True)
    before = models.JSONField(_("values before"), null=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="kernel_importrow_once"),
            models.CheckConstraint(
                condition=~Q(outcome__in=["created", "updated"]) | Q(subject_id__isnull=False),
                name="kernel_importrow_names_its_record",
            ),
        ]
        indexes = [
            models.Index(fields=["run", "verdict", "outcome"], name="kernel_importrow_by_state"),
            models.Index(fields=["run", "key"], name="kernel_importrow_by_key"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.number}"

    @property
    def reasons(self) -> str:
        """All reasons in one line."""
        return "; ".join(f"{label}: {text}" if label else text for label, text in self.errors)

    @property
    def shown_cells(self) -> list[Any]:
        """The first cells that say something, for a page."""
        return [cell for cell in self.cells if cell][:4]
