"""Series (定期会议): meetings with a client that recur, who must be there, and each period with its appointment."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.relations.models import Interaction
from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock
from projects.deals.models import Project


class Series(VersionedModel):
    """A rhythm of meetings with a client, of one of its projects or of none. Its account manager has them to do."""

    class Kind(models.TextChoices):
        WEEKLY = "weekly", _("Weekly project meeting")
        QUARTERLY = "quarterly", _("Quarterly executive dialogue")
        HALF_YEARLY = "half_yearly", _("Half-yearly executive dialogue")
        YEARLY = "yearly", _("Yearly forum")

    class Weekday(models.IntegerChoices):
        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")

    # The kind of the interaction that each meeting is.
    MEETS_AS: dict[str, str] = {
        Kind.WEEKLY: Interaction.Kind.MEETING,
        Kind.QUARTERLY: Interaction.Kind.DIALOGUE,
        Kind.HALF_YEARLY: Interaction.Kind.DIALOGUE,
        Kind.YEARLY: Interaction.Kind.FORUM,
    }
    # A dialogue counts when one of ours besides the account manager was there.
    DIALOGUES = (Kind.QUARTERLY, Kind.HALF_YEARLY)

    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="series", verbose_name=_("client"))
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="series", verbose_name=_("project")
    )
    kind = models.CharField(pgettext_lazy("series", "kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("subject"), max_length=120)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices, null=True, blank=True)
    at = models.TimeField(_("begins at"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    agenda = models.TextField(_("standing agenda"), max_length=2000, blank=True)
    started_on = models.DateField(_("since"), default=clock.today)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_reason = models.CharField(_("reason for ending"), max_length=200, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = pgettext_lazy("meetings", "series")
        verbose_name_plural = pgettext_lazy("meetings", "series")
        ordering = ["-started_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "project", "kind"],
                condition=Q(ended_on__isnull=True),
                nulls_distinct=False,
                name="projects_series_one_of_a_kind",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="projects_series_says_what"),
            models.CheckConstraint(
                condition=Q(kind="weekly", weekday__range=(1, 5)) | ~Q(kind="weekly") & Q(weekday__isnull=True),
                name="projects_series_week_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_reason="") | Q(ended_on__isnull=False) & ~Q(ended_reason=""),
                name="projects_series_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:series_detail", args=[self.pk])

    @property
    def is_running(self) -> bool:
        """Whether it goes on."""
        return self.ended_on is None

    @property
    def state(self) -> str:
        """How the list calls it."""
        return "running" if self.is_running else "ended"


class SeriesMember(models.Model):
    """Who must be there: one of our people or a contact of the client."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="members", verbose_name=_("series"))
    person = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("colleague")
    )
    contact = models.ForeignKey(
        "clients.Contact", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )

    objects = AccessManager()

    class Meta:
        verbose_name = _("required participant")
        verbose_name_plural = _("required participants")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, contact__isnull=True) | Q(person__isnull=True, contact__isnull=False),
                name="projects_seriesmember_of_one_side",
            ),
            models.UniqueConstraint(
                fields=["series", "person"],
                condition=Q(person__isnull=False),
                name="projects_seriesmember_person_once",
            ),
            models.UniqueConstraint(
                fields=["series", "contact"],
                condition=Q(contact__isnull=False),
                name="projects_seriesmember_contact_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.contact)


class SeriesPeriod(models.Model):
    """One week, quarter, half-year or year of a series: its meeting is an interaction.

    `meet_on` None: no working day in it, so no meeting. `level` is written by the night: amber or red while the
    meeting is missing. What is missing stays so until it is held within the period, or explained.
    """

    class Level(models.TextChoices):
        NONE = "", _("none")
        AMBER = "amber", pgettext_lazy("series", "Amber")
        RED = "red", pgettext_lazy("series", "Red")

    series = models.ForeignKey(Series, models.PROTECT, related_name="periods", verbose_name=_("series"))
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    meet_on = models.DateField(_("meeting planned for"), null=True, blank=True)
    amber_on = models.DateField(_("amber from"), null=True, blank=True)
    red_on = models.DateField(_("red from"))
    level = models.CharField(_("level"), max_length=5, choices=Level.choices, blank=True, default=Level.NONE)
    appointment = models.OneToOneField(
        Interaction, models.PROTECT, null=True, blank=True, related_name="period", verbose_name=_("meeting")
    )
    explanation = models.CharField(_("why it was not held"), max_length=200, blank=True)
    explained_at = models.DateTimeField(_("explained at"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("period of a series")
        verbose_name_plural = _("periods of series")
        ordering = ["-first_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["series", "first_on"], name="projects_seriesperiod_once"),
            models.CheckConstraint(
                condition=Q(last_on__gt=models.F("first_on")), name="projects_seriesperiod_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(explained_at__isnull=True, explanation="")
                | Q(explained_at__isnull=False) & ~Q(explanation=""),
                name="projects_seriesperiod_explained_with_words",
            ),
        ]
        indexes = [
            # What the night looks through: periods that are neither explained nor behind it.
            models.Index(
                fields=["red_on"],
                condition=Q(explained_at__isnull=True),
                name="projects_seriesperiod_by_red",
            )
        ]

    def __str__(self) -> str:
        return f"{self.series} · {self.first_on} – {self.last_on}"

    def get_absolute_url(self) -> str:
        return reverse("projects:series_detail", args=[self.series_id])

    @property
    def is_kept(self) -> bool:
        """Whether the meeting was held within the period with who must be there, as `selectors.with_kept` found."""
        return bool(getattr(self, "kept", False))

    @property
    def state(self) -> str:
        """How pages call it."""
        if self.is_kept:
            return "held"
        if self.explained_at is not None:
            return "explained"
        if self.meet_on is None and self.appointment_id is None:
            return "off"
        if self.level:
            return self.level
        planned = self.appointment is not None and self.appointment.state == Interaction.State.PLANNED
        return "planned" if planned else "open"

    @property
    def is_of_running_series(self) -> bool:
        """Whether its series goes on."""
        return self.series.is_running

    @property
    def is_open(self) -> bool:
        """Whether its meeting is still missing and nobody has said why."""
        return not self.is_kept and self.explained_at is None

    @property
    def lacks_appointment(self) -> bool:
        """Whether a meeting may still be arranged in it."""
        awaits = self.appointment is not None and self.appointment.state == Interaction.State.PLANNED
        return self.is_open and not awaits and self.last_on >= clock.today()
