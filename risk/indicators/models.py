"""Warnings: one open episode per client and indicator, what was observed of it, and the nights that judged."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.audit.models import AppendOnly
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock


class Indicator(models.TextChoices):
    """What is watched. Thresholds, words and deadlines are the parameter `indicator.<code>` of each."""

    GRADE_EXPIRY = "grade_expiry", _("Rating expiry")
    FILE_CONFIRMATION = "file_confirmation", _("Client file not verified")
    CONDITION_OVERDUE = "condition_overdue", _("Condition overdue")
    DEAL_CAPITAL = "deal_capital", _("Project capital insufficient")
    DEAL_DOCUMENTS = "deal_documents", _("Project documents outdated")
    NO_CONTACT = "no_contact", _("No contact with the client")


class Level(models.TextChoices):
    AMBER = "amber", _("Amber")
    RED = "red", _("Red")


class NightRun(models.Model):
    """One night's review. `cursor` is the last client judged: committed with each chunk, so a killed run goes on there.

    `rules` holds the parameters it judges by, with values: a run that resumes judges as it began.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        ABANDONED = "abandoned", _("Superseded by a later day")

    as_of = models.DateField(_("as of"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    cursor = models.BigIntegerField(_("last client evaluated"), default=0)
    last_client = models.BigIntegerField(_("last client to evaluate"), default=0)
    clients = models.PositiveIntegerField(_("clients evaluated"), default=0)
    counts = models.JSONField(_("what changed"), default=dict)
    rules = models.JSONField(_("versions of the rules"), default=dict)
    started_at = models.DateTimeField(_("started at"), default=clock.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("nightly risk check")
        verbose_name_plural = _("nightly risk checks")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="risk_nightrun_one_running"),
            models.CheckConstraint(
                condition=Q(state="running", finished_at__isnull=True)
                | (~Q(state="running") & Q(finished_at__isnull=False)),
                name="risk_nightrun_ended_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.as_of.isoformat()


class WarningEpisode(KeptWords, VersionedModel):
    """A warning from its opening to its closing by a second person. Only one is open per client and indicator.

    `evidence` holds the facts it rests on, none of which moves by itself: an episode is written when a fact or the
    level changes, not because a day has passed. `value` is as of `judged_on`; the pages count days anew.
    """

    KEEPS = ("client", "responded_by", "closed_by")

    client = models.ForeignKey(Client, models.PROTECT, related_name="warnings", verbose_name=_("client"))
    indicator = models.CharField(_("indicator"), max_length=24, choices=Indicator.choices)
    level = models.CharField(_("level"), max_length=5, choices=Level.choices)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    evidence = models.JSONField(_("evidence"), default=dict)
    rules = models.JSONField(_("versions of the rules"), default=list)
    opened_on = models.DateField(_("opened on"))
    judged_on = models.DateField(_("evaluated on"))
    recovered_on = models.DateField(_("back to normal since"), null=True, blank=True)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="warnings", verbose_name=_("responsible"))
    due_on = models.DateField(_("response due"))
    due_provisional = models.BooleanField(_("due date provisional"), default=False)

    responded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("responded by")
    )
    responded_at = models.DateTimeField(_("responded at"), null=True, blank=True)
    response = models.TextField(_("response"), max_length=2000, blank=True)
    escalated_on = models.DateField(_("escalated on"), null=True, blank=True)
    escalated_to = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("escalated to")
    )
    closed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closing = models.TextField(_("reason for closing"), max_length=2000, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("warning")
        verbose_name_plural = _("warnings")
        # Open ones first, red before amber, the nearest deadline on top.
        ordering = [F("closed_on").asc(nulls_first=True), "-level", "due_on", "id"]
        indexes = [
            models.Index(
                F("closed_on").asc(nulls_first=True), F("level").desc(), "due_on", "id", name="risk_warning_by_urgency"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "indicator"], condition=Q(closed_on__isnull=True), name="risk_warning_one_open"
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="risk_warning_level_known"),
            models.CheckConstraint(condition=Q(indicator__in=Indicator.values), name="risk_warning_indicator_known"),
            models.CheckConstraint(
                condition=Q(responded_by__isnull=True, responded_at__isnull=True, response="")
                | (Q(responded_by__isnull=False, responded_at__isnull=False) & ~Q(response="")),
                name="risk_warning_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True, closed_at__isnull=True, closed_on__isnull=True, closing="")
                | (Q(closed_by__isnull=False, closed_at__isnull=False, closed_on__isnull=False) & ~Q(closing="")),
                name="risk_warning_closing_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | Q(responded_by__isnull=True) | ~Q(closed_by=F("responded_by")),
                name="risk_warning_closed_by_another",
            ),
            # Without an answer only what went back to normal may be closed, and never by who had to answer.
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True)
                | Q(responded_by__isnull=False)
                | (Q(recovered_on__isnull=False) & ~Q(closed_by=F("owner"))),
                name="risk_warning_closed_after_answer",
            ),
            models.CheckConstraint(
                condition=Q(escalated_on__isnull=False) | Q(escalated_to__isnull=True),
                name="risk_warning_escalated_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_indicator_display()} · {self.get_level_display()}"

    @property
    def audit_name(self) -> str:
        """Audit rows name the indicator and the client by its number: a client may be a person."""
        return f"{self.indicator} · {self.client_id}"

    def get_absolute_url(self) -> str:
        return reverse("risk:warning_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether a second person has still to close it."""
        return self.closed_on is None

    @property
    def awaits_answer(self) -> bool:
        """Whether its deadline runs: open, bad and not answered."""
        return self.is_open and self.responded_at is None and self.recovered_on is None

    @property
    def shown_level(self) -> str:
        """What the badge says: closed, under observation once it is back to normal, else the level."""
        if not self.is_open:
            return "closed"
        return "watched" if self.recovered_on is not None else self.level


class WarningObservation(KeptWords, AppendOnly):
    """One change in a warning's life. Only ever added; a night in which nothing changed adds nothing.

    `owner` has to answer until `due_on`. `deadline` says what this change decided about it, for good and for whoever
    had it then: kept by an answer, or missed, found by the first night after it or by an answer that came too late.
    """

    KEEPS = ("by",)

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        RAISED = "raised", _("Raised to red")
        LOWERED = "lowered", _("Lowered to amber")
        CHANGED = "changed", _("Facts changed")
        RECOVERED = "recovered", _("Back to normal")
        RELAPSED = "relapsed", _("Triggered again")
        HANDED_OVER = "handed_over", _("Handed over with the client")
        ESCALATED = "escalated", _("Escalated")
        RESPONDED = "responded", _("Responded")
        CLOSED = "closed", _("Closed")
        REDATED = "redated", _("Dates recomputed")

    class Deadline(models.TextChoices):
        KEPT = "kept", _("On time")
        MISSED = "missed", _("Overdue")

    warning = models.ForeignKey(WarningEpisode, models.PROTECT, related_name="observations", verbose_name=_("warning"))
    # Not a key: a night's rows are read back by their numbers.
    run_id = models.BigIntegerField(_("nightly risk check"), null=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    on = models.DateField(_("day"))
    level = models.CharField(_("level"), max_length=5, choices=Level.choices)
    former_level = models.CharField(_("level before"), max_length=5, choices=Level.choices, blank=True)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    evidence = models.JSONField(_("evidence"), default=dict)
    by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("by")
    )
    note = models.TextField(_("description"), blank=True)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("responsible")
    )
    due_on = models.DateField(_("response due"), null=True, blank=True)
    deadline = models.CharField(_("deadline"), max_length=6, choices=Deadline.choices, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["id"]
        indexes = [models.Index(fields=["due_on"], name="risk_observation_decided", condition=~Q(deadline=""))]
        constraints = [
            models.CheckConstraint(
                condition=Q(deadline="")
                | Q(deadline="kept", owner__isnull=False, due_on__isnull=False, on__lte=F("due_on"), kind="responded")
                | Q(deadline="missed", owner__isnull=False, due_on__isnull=False, on__gt=F("due_on")),
                name="risk_observation_deadline_by_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.on}"
