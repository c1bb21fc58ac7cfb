"""Covers: who is away or has delegated, who stands in, for how long and how far (rules-2 7.2)."""

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.querysets import AccessQuerySet
from crm.kernel.workdays import clock


class CoverQuerySet(AccessQuerySet["Cover"]):
    def in_force(self, *, on: date | None = None) -> "CoverQuerySet":
        """Covers that hold today, or on another day: confirmed, both people here and still at the post they had."""
        today = on or clock.today()
        return self.filter(
            state=Cover.State.CONFIRMED,
            starts_on__lte=today,
            ends_on__gte=today,
            person__is_active=True,
            deputy__is_active=True,
            person_post=Coalesce(F("person__post_id"), 0),
            person_department=F("person__department_id"),
            deputy_post=Coalesce(F("deputy__post_id"), 0),
            deputy_department=F("deputy__department_id"),
        )

    def suspending(self, *, on: date | None = None) -> "CoverQuerySet":
        """Those that keep the person who is away from signing in."""
        today = on or clock.today()
        return self.filter(state=Cover.State.CONFIRMED, is_suspended=True, starts_on__lte=today, ends_on__gte=today)


class Cover(KeptWords):
    """One letter: `deputy` stands in for `person` from `starts_on` through `ends_on`.

    `scope` names what it is confined to (empty: everything), `ceiling` the most it covers, in yuan (None: no ceiling of
    its own). `person_post` and the like are what both held when it was asked for (0: none): it ends with a change of
    post. Migration 0085 adds: nobody is away and a deputy at one time, and what was decided stays as it is.
    """

    KEEPS = ("person", "deputy", "asked_by", "decided_by", "ended_by")

    class Kind(models.TextChoices):
        LEAVE = "leave", _("Leave")
        TRIP = "trip", _("Business trip")
        MANDATORY = "mandatory", _("Mandatory leave")
        STANDING = "standing", _("Standing delegation")

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")
        ENDED = "ended", pgettext_lazy("cover", "Ended early")

    class EndReason(models.TextChoices):
        RECALLED = "recalled", _("Recalled")
        RETURNED = "returned", _("Back early")

    LIVE = (State.ASKED, State.CONFIRMED)

    person = models.ForeignKey(
        "kernel.Person", models.PROTECT, related_name="covers", verbose_name=_("person who is covered")
    )
    deputy = models.ForeignKey("kernel.Person", models.PROTECT, related_name="covering", verbose_name=_("deputy"))
    kind = models.CharField(_("reason for the cover"), max_length=10, choices=Kind.choices)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    scope = ArrayField(models.CharField(max_length=40), verbose_name=_("confined to"), blank=True, default=list)
    ceiling = models.DecimalField(_("ceiling amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    letter_no = models.CharField(_("letter number"), max_length=40, unique=True)
    is_suspended = models.BooleanField(_("account suspended meanwhile"), default=False)
    person_post = models.BigIntegerField(default=0, editable=False)
    person_department = models.BigIntegerField(default=0, editable=False)
    deputy_post = models.BigIntegerField(default=0, editable=False)
    deputy_department = models.BigIntegerField(default=0, editable=False)

    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    decided_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=10, choices=EndReason.choices, blank=True, default="")

    objects = CoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("cover")
        verbose_name_plural = _("covers")
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["deputy", "starts_on", "ends_on"], name="kernel_cover_of_deputy")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="kernel_cover_days_ordered"),
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="kernel_cover_not_of_oneself"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | ~(Q(decided_by=F("asked_by")) | Q(decided_by=F("person")) | Q(decided_by=F("deputy"))),
                name="kernel_cover_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True, ended_at__isnull=True)
                | Q(state__in=["confirmed", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                | (Q(state="ended", ended_by__isnull=False, ended_at__isnull=False) & ~Q(end_reason="")),
                name="kernel_cover_state_has_its_person",
            ),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True) | Q(ceiling__gt=0), name="kernel_cover_ceiling_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(is_suspended=False) | Q(kind="mandatory"), name="kernel_cover_suspended_when_mandatory"
            ),
            # Target of a decision's composite key: who decided for whom, under which letter.
            models.UniqueConstraint(fields=["id", "deputy", "person"], name="kernel_cover_with_people"),
            ExclusionConstraint(
                name="kernel_cover_no_overlap",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=["asked", "confirmed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_no} · {self.person} → {self.deputy}"

    def get_absolute_url(self) -> str:
        return reverse("cover:cover_detail", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.ends_on < clock.today()

    @property
    def standing(self) -> str:
        """Where it stands today: a state, or `coming`, `over` of one that was confirmed."""
        if self.state != self.State.CONFIRMED:
            return str(self.state)
        today = clock.today()
        if self.starts_on > today:
            return "coming"
        return "over" if self.ends_on < today else "confirmed"


class Covering(models.Model):
    """Of a person: for whom they stand in today. Read once; the login backend fills it with the account."""

    class Meta:
        abstract = True

    @cached_property
    def _covering(self) -> list[dict[str, Any]]:
        today = Value(clock.today(), models.DateField())
        asked = Func(F("pk"), today, function="kernel_covering", output_field=models.JSONField())
        found = type(self)._default_manager.filter(pk=self.pk).values_list(asked, flat=True).first()
        return list(found or ())

    @property
    def covers_wholly(self) -> frozenset[int]:
        """The people this person stands in for under a letter confined to nothing: what is theirs to do is this
        person's too.
        """
        return frozenset(row["id"] for row in self._covering if not row["scope"])

    @property
    def covered_roles(self) -> frozenset[str]:
        """The roles that everybody this person stands in for holds today. They are not this person's own: each module
        asks for whom it counts them.
        """
        return frozenset(role for row in self._covering for role in row["roles"])
