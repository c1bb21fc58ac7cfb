"""The grade of a client as risk assessors give it: entered by one, confirmed by another, valid for a time."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.file.models import Grade
from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock


class Rating(KeptWords):
    """One grade. The row keeps what was entered; only the second person's word moves its status."""

    KEEPS = ("client", "entered_by", "confirmed_by", "rejected_by")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", _("Declined")
        SUPERSEDED = "superseded", _("Replaced")

    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="ratings", verbose_name=_("client"))
    grade = models.CharField(_("grade"), max_length=3, choices=Grade.choices)
    reason = models.TextField(_("reason"), max_length=2000)
    source = models.CharField(_("source"), max_length=300)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    # What capped the validity, so that the date stays explainable after the parameter changed.
    rule_versions = models.JSONField(_("versions of the rules"), default=list)
    # Where a scorecard gave the grade: its sum, its grade before any change by hand, every input and point of it.
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True, blank=True)
    model_grade = models.CharField(
        _("grade of the scorecard"), max_length=3, choices=Grade.choices, blank=True, default=""
    )
    scoring = models.JSONField(_("scoring"), null=True, blank=True)
    override_reason = models.CharField(_("reason for the change by hand"), max_length=500, blank=True, default="")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PROPOSED)

    entered_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"), default=clock.now)
    confirmed_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    rejected_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("declined by")
    )
    rejected_at = models.DateTimeField(_("declined at"), null=True, blank=True)
    rejected_reason = models.CharField(_("reason for declining"), max_length=500, blank=True, default="")

    objects = AccessManager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["-entered_at", "-id"]
        indexes = [models.Index(fields=["client", "-entered_at"], name="risk_rating_of_client")]
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(status="proposed"), name="risk_rating_one_proposed"),
            models.UniqueConstraint(
                fields=["client"], condition=Q(status="confirmed"), name="risk_rating_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                name="risk_rating_two_people",
            ),
            models.CheckConstraint(
                condition=Q(rejected_by__isnull=True) | ~Q(rejected_by=F("entered_by")),
                name="risk_rating_declined_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", confirmed_by__isnull=True, rejected_by__isnull=True)
                | Q(status__in=["confirmed", "superseded"], confirmed_by__isnull=False, rejected_by__isnull=True)
                | (Q(status="rejected", confirmed_by__isnull=True, rejected_by__isnull=False) & ~Q(rejected_reason="")),
                name="risk_rating_status_has_its_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="risk_rating_confirmed_pair",
            ),
            models.CheckConstraint(
                condition=Q(rejected_by__isnull=True, rejected_at__isnull=True)
                | Q(rejected_by__isnull=False, rejected_at__isnull=False),
                name="risk_rating_rejected_pair",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True, model_grade="", scoring__isnull=True, override_reason="")
                | Q(score__range=(0, 100), scoring__isnull=False) & ~Q(model_grade=""),
                name="risk_rating_scored_whole",
            ),
            models.CheckConstraint(
                condition=Q(model_grade="")
                | Q(grade=F("model_grade"))
                | ~Q(override_reason="")
                & (
                    Q(model_grade="AAA", grade="AA")
                    | Q(model_grade="AA", grade="A")
                    | Q(model_grade="A", grade="B")
                    | Q(model_grade="B", grade="C")
                ),
                name="risk_rating_one_notch_down",
            ),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="risk_rating_dates_ordered"),
            models.CheckConstraint(condition=Q(grade__in=["AAA", "AA", "A", "B", "C"]), name="risk_rating_grade_known"),
        ]

    def __str__(self) -> str:
        return f"{self.grade} · {self.valid_until}"

    def get_absolute_url(self) -> str:
        return reverse("risk:rating_confirm", args=[self.pk])

    @property
    def shown_status(self) -> str:
        """The status as the badge names it: a confirmed grade past its day is expired, on it one that ends."""
        if self.status == self.Status.CONFIRMED and self.valid_until <= clock.today():
            return "expired" if self.valid_until < clock.today() else "ends_today"
        return "declined" if self.status == self.Status.REJECTED else self.status
