"""An export that runs in the background: which list, for what, how far it is, and where its file lies."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.people.models import Account, ApiKey, Person
from crm.kernel.text.numbers import SHANGHAI
from crm.kernel.text.sheets import CONTENT_TYPES
from crm.kernel.workdays import clock


class ExportRun(VersionedModel):
    """One list as one file for one person. What was asked (`query`) and the file are kept until `expires_at`.

    `rights`: the roles and the place on which its rows were read; whoever holds others by now gets no file of them.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("export", "Waiting")
        RUNNING = "running", pgettext_lazy("export", "Being written")
        DONE = "done", pgettext_lazy("export", "Ready")
        CANCELLED = "cancelled", pgettext_lazy("export", "Stopped")
        FAILED = "failed", pgettext_lazy("export", "Failed")
        EXPIRED = "expired", pgettext_lazy("export", "Removed")

    class Format(models.TextChoices):
        XLSX = "xlsx", _("Excel workbook")
        CSV = "csv", _("CSV")

    path = models.CharField(_("address of the list"), max_length=200)
    title = models.CharField(_("list"), max_length=100)
    area = models.CharField(_("area"), max_length=20)
    query = models.TextField(_("conditions and order"), blank=True)
    columns = models.JSONField(_("columns"), default=list)
    format = models.CharField(_("format"), max_length=4, choices=Format)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("rows written"), default=0)
    rights = models.TextField(_("roles and place"), blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("ordered by"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    key = models.ForeignKey(ApiKey, models.PROTECT, null=True, related_name="+", verbose_name=_("API key"))
    created_at = models.DateTimeField(_("ordered at"), default=clock.now)
    # When the last part was written: what stands still is seen.
    beat_at = models.DateTimeField(_("last progress at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    expires_at = models.DateTimeField(_("kept until"), null=True)
    storage_name = models.CharField(_("location in the store"), max_length=120, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["person", "-created_at", "-id"], name="kernel_exportrun_of_person"),
            models.Index(fields=["state", "created_at"], name="kernel_exportrun_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "cancelled", "failed", "expired"]),
                name="kernel_exportrun_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(storage_name="") & ~Q(sha256="") & Q(expires_at__isnull=False),
                name="kernel_exportrun_done_has_its_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="expired") | Q(storage_name="", query=""), name="kernel_exportrun_gone_is_gone"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exports:export_detail", args=[self.pk])

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"{self.title}-{self.created_at.astimezone(SHANGHAI):%Y%m%d}.{self.format}"

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.format]


class ExportPart(models.Model):
    """Some rows of an export: their keys in the order of the list, and once read, what the file says of them."""

    run = models.ForeignKey(ExportRun, models.CASCADE, related_name="parts", verbose_name=_("export"))
    number = models.PositiveIntegerField(_("number"))
    keys = models.JSONField(_("keys of the rows"))
    rows = models.JSONField(_("rows"), null=True)

    class Meta:
        verbose_name = _("part of an export")
        verbose_name_plural = _("parts of exports")
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="kernel_exportpart_once")]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.number}"
