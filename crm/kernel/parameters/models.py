"""Every threshold, deadline, band and limit of the system: a parameter and its dated versions."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager


class Parameter(models.Model):
    """What can be set: a code known to the programs, with its name and unit. Rows come with the release."""

    code = models.CharField(_("code"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    description = models.TextField(_("description"), blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("parameter")
        verbose_name_plural = _("parameters")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        """Its name in the reader's language, for people who know no codes."""
        return self.name_en if (get_language() or "").startswith("en") else self.name


class ParameterVersion(KeptWords):
    """A value with the days on which it holds, who proposed it and who else approved it.

    Only drafts may change; the trigger of migration 0003 refuses any other update or delete.
    Seeds of the release carry no people, only their source mark ([S], [G] or [D]).
    """

    KEEPS = ("proposed_by", "approved_by")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("In force")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    parameter = models.ForeignKey(
        Parameter, on_delete=models.PROTECT, related_name="versions", verbose_name=_("parameter")
    )
    version = models.PositiveIntegerField(_("version"))
    value = models.JSONField(_("value"), encoder=DjangoJSONEncoder)
    effective_from = models.DateField(_("effective from"))
    effective_to = models.DateField(_("effective to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    proposed_by = models.ForeignKey(
        "kernel.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    approved_by = models.ForeignKey(
        "kernel.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("parameter version")
        verbose_name_plural = _("parameter versions")
        ordering = ["parameter", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["parameter", "version"], name="kernel_parameterversion_number"),
            models.UniqueConstraint(
                fields=["parameter"], condition=Q(status="draft"), name="kernel_parameterversion_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="kernel_parameterversion_two_people",
            ),
            models.CheckConstraint(
                # A seed has neither person; what people propose is in force only with a second one.
                condition=~Q(status="published")
                | Q(proposed_by__isnull=True, approved_by__isnull=True)
                | Q(proposed_by__isnull=False, approved_by__isnull=False, approved_at__isnull=False),
                name="kernel_parameterversion_published_by_two",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(approved_at__isnull=False),
                name="kernel_parameterversion_approved_pair",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="kernel_parameterversion_interval",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "withdrawn"]),
                name="kernel_parameterversion_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parameter.code} v{self.version}"
