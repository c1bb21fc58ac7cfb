"""The Chinese working calendar, one row per day that somebody vouches for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.querysets import AccessManager


class CalendarDay(models.Model):
    """One day: worked or not, who says so, and whether that is official.

    A day without a row follows the weekday rule and counts as provisional.
    """

    class Status(models.TextChoices):
        OFFICIAL = "official", _("Official")
        PROVISIONAL = "provisional", _("Provisional")

    date = models.DateField(_("date"), primary_key=True)
    is_workday = models.BooleanField(_("working day"))
    name = models.CharField(_("holiday"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=120)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.OFFICIAL)

    objects = AccessManager()

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["official", "provisional"]), name="kernel_calendarday_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.date.isoformat()
