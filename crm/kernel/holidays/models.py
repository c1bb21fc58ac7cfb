"""The holiday notice of a year, as one person entered it and another released it; each correction is a version."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager


class HolidayNotice(KeptWords):
    """What the notice says of single days; every other day of the year follows the weekday.

    `days`: a list of [date, 休 or 班, holiday]. Only a draft may change, by release or withdrawal (migration 0076).
    """

    KEEPS = ("entered_by", "released_by")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Waiting for release")
        RELEASED = "released", _("Released")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"))
    number = models.CharField(_("notice number"), max_length=60)
    days = models.JSONField(_("days"))
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    entered_by = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"))
    released_by = models.ForeignKey(
        "kernel.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("holiday notice")
        verbose_name_plural = _("holiday notices")
        ordering = ["-year", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["year", "version"], name="kernel_holidaynotice_version"),
            models.UniqueConstraint(
                fields=["year"], condition=Q(status="draft"), name="kernel_holidaynotice_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("entered_by")),
                name="kernel_holidaynotice_two_people",
            ),
            models.CheckConstraint(
                condition=Q(status="released", released_by__isnull=False, released_at__isnull=False)
                | Q(status__in=["draft", "withdrawn"], released_by__isnull=True, released_at__isnull=True),
                name="kernel_holidaynotice_released_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} v{self.version}"
