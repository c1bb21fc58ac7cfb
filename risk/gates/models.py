"""A waiver of one gate of one deal: asked for by a maker, given or declined by a named person of the level."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.querysets import AccessManager
from crm.kernel.people.roles import AuthorityLevel
from crm.kernel.workdays import clock

LONGEST = 500


class GateWaiver(models.Model):
    """One request and what became of it. The names are those of the day. Migration 0061 adds: whoever works on the deal
    gives no waiver of it, and what was decided stays as it is.

    `level` is what the rule set asked for on the day of the request, `decided_level` that of who gave it. It holds
    through `expires_on`.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("Waiting for a decision")
        GRANTED = "granted", _("Waived")
        DECLINED = "declined", _("Declined")
        REPLACED = "replaced", _("Replaced by a later request")

    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="gate_waivers", verbose_name=_("project")
    )
    gate = models.CharField(_("requirement"), max_length=40)
    level = models.PositiveSmallIntegerField(_("level needed"), choices=AuthorityLevel.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ASKED)

    asked_of = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("to be decided by"))
    asked_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_by_name = models.CharField(_("name of who asked"), max_length=60)
    asked_reason = models.TextField(_("why it is asked for"), max_length=LONGEST)
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)

    decided_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_by_name = models.CharField(_("name of who decided"), max_length=60, blank=True, default="")
    decided_level = models.PositiveSmallIntegerField(
        _("level of who decided"), choices=AuthorityLevel.choices, null=True, blank=True
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.TextField(_("reason of the decision"), max_length=LONGEST, blank=True, default="")
    expires_on = models.DateField(_("valid until"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("waiver of a requirement")
        verbose_name_plural = _("waivers of requirements")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "gate"], condition=Q(status="asked"), name="risk_gatewaiver_one_asked"
            ),
            models.CheckConstraint(
                condition=~Q(asked_of=F("asked_by"))
                & (Q(decided_by__isnull=True) | (Q(decided_by=F("asked_of")) & ~Q(decided_by=F("asked_by")))),
                name="risk_gatewaiver_two_people",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["asked", "replaced"],
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                    expires_on__isnull=True,
                )
                | (
                    Q(
                        status="granted",
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                        expires_on__isnull=False,
                    )
                    & Q(decided_level__gte=F("level"))
                    & ~Q(reason="")
                )
                | (
                    Q(
                        status="declined",
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                        expires_on__isnull=True,
                    )
                    & ~Q(reason="")
                ),
                name="risk_gatewaiver_status_has_its_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} · {self.gate}"

    def get_absolute_url(self) -> str:
        return reverse("risk:gate_waiver", args=[self.pk])
