"""Standing (现状): what the upper apps know about a client, readable below them in one indexed row."""

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client, Grade
from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock

__all__ = ["Grade", "Standing", "StandingFact"]


class Standing(models.Model):
    """One row per client, which the database adds with the client; each value with its day and its source.

    Written only by `standing_record`.
    """

    client = models.OneToOneField(
        Client, models.CASCADE, primary_key=True, related_name="standing", verbose_name=_("client")
    )
    grade = models.CharField(_("grade"), max_length=3, choices=Grade.choices, blank=True)
    grade_until = models.DateField(_("grade valid until"), null=True, blank=True)
    grade_as_of = models.DateField(_("grade as of"), null=True, blank=True)
    grade_source = models.CharField(_("source of the grade"), max_length=60, blank=True)
    # Letters do not sort by quality: 1 is the best.
    grade_order = models.GeneratedField(
        expression=Case(
            *[When(grade=grade, then=Value(place)) for place, grade in enumerate(Grade.values, start=1)],
            default=None,
        ),
        output_field=models.PositiveSmallIntegerField(null=True),
        db_persist=True,
    )
    exposure = models.DecimalField(_("exposure in yuan"), max_digits=20, decimal_places=2, null=True, blank=True)
    exposure_as_of = models.DateField(_("exposure as of"), null=True, blank=True)
    exposure_source = models.CharField(_("source of the exposure"), max_length=60, blank=True)
    limit = models.DecimalField(_("credit limit in yuan"), max_digits=20, decimal_places=2, null=True, blank=True)
    limit_until = models.DateField(_("credit limit valid until"), null=True, blank=True)
    limit_as_of = models.DateField(_("credit limit as of"), null=True, blank=True)
    limit_source = models.CharField(
        _("source of the credit limit"), max_length=60, blank=True, default="", db_default=""
    )
    open_ambers = models.PositiveIntegerField(_("open amber warnings"), default=0, db_default=0)
    open_reds = models.PositiveIntegerField(_("open red warnings"), default=0, db_default=0)
    warnings_as_of = models.DateField(_("warnings as of"), null=True, blank=True)
    warnings_source = models.CharField(
        _("source of the warnings"), max_length=60, blank=True, default="", db_default=""
    )
    updated_at = models.DateTimeField(_("updated at"), default=clock.now)

    objects = AccessManager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        indexes = [
            # The client list by grade, up and down, the newest client first among equals.
            models.Index(F("grade_order").asc(nulls_last=True), F("client").desc(), name="clients_standing_grade_up"),
            models.Index(
                F("grade_order").desc(nulls_first=True), F("client").desc(), name="clients_standing_grade_down"
            ),
            # Whose grade is this and holds: answered without reading the rows.
            models.Index(fields=["grade", "client"], include=["grade_until"], name="clients_standing_of_grade"),
            models.Index(fields=["grade_until"], name="clients_standing_by_until"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(grade__in=["", *Grade.values]), name="clients_standing_grade_known"),
            models.CheckConstraint(
                condition=Q(exposure__isnull=True) | Q(exposure__gte=0), name="clients_standing_exposure_positive"
            ),
            models.CheckConstraint(
                condition=Q(limit__isnull=True, limit_until__isnull=True) | Q(limit__gte=0, limit_until__isnull=False),
                name="clients_standing_limit_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} · {self.grade}"

    @property
    def grade_is_valid(self) -> bool:
        """Whether the grade holds today; without an end it does not."""
        return bool(self.grade) and self.grade_until is not None and self.grade_until >= clock.today()


class StandingFact(models.Model):
    """One value as it was told: the history behind `Standing`. Only ever added."""

    # Found by the index below.
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="standing_facts", db_index=False, verbose_name=_("client")
    )
    key = models.CharField(_("key"), max_length=30)
    value = models.CharField(_("value"), max_length=60, blank=True)
    as_of = models.DateField(_("as of"))
    source = models.CharField(_("source"), max_length=60)
    recorded_at = models.DateTimeField(_("recorded at"), default=clock.now)

    objects = AccessManager()

    class Meta:
        verbose_name = _("standing fact")
        verbose_name_plural = _("standing facts")
        ordering = ["-recorded_at", "-id"]
        indexes = [models.Index(fields=["client", "key", "-as_of"], name="clients_standingfact_latest")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
