"""Interactions (往来) with clients: who took part, what was said, promised and added; when contact is due."""

from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock


class Interaction(KeptWords, VersionedModel):
    """One interaction with a client: planned, then held or cancelled; or recorded once it was held.

    What was recorded stays: within the days of `interaction.rules` its recorder corrects it and the audit trail keeps
    the former text; afterwards notes are added.
    """

    KEEPS = ("recorded_by",)

    class Kind(models.TextChoices):
        VISIT = "visit", _("Visit")
        CALL = "call", _("Call")
        MEETING = "meeting", pgettext_lazy("interaction", "Meeting")
        ONLINE = "online", _("Online meeting")
        EMAIL = "email", _("E-mail")
        WECHAT = "wechat", _("WeChat")
        FORUM = "forum", _("Forum")
        HEARING = "hearing", pgettext_lazy("interaction", "Hearing")
        DIALOGUE = "dialogue", _("Executive dialogue")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("interaction", "Planned")
        HELD = "held", pgettext_lazy("interaction", "Held")
        CANCELLED = "cancelled", pgettext_lazy("interaction", "Cancelled")

    # What is written about it, in the order of form and page.
    TEXTS = ("words", "needs", "decisions")
    # The next contact that it agrees.
    NEXT = ("next_on", "next_what")

    client = models.ForeignKey(
        "clients.Client", models.PROTECT, related_name="interactions", db_index=False, verbose_name=_("client")
    )
    kind = models.CharField(pgettext_lazy("interaction", "kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("status"), max_length=10, choices=State.choices)
    purpose = models.CharField(_("purpose"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    link = models.CharField(_("meeting link"), max_length=300, blank=True, validators=[URLValidator(schemes=["https"])])
    words = models.TextField(_("what was said"), max_length=4000, blank=True)
    needs = models.TextField(_("opinions and needs"), max_length=2000, blank=True)
    decisions = models.TextField(_("decisions"), max_length=2000, blank=True)
    next_on = models.DateField(_("next contact on"), null=True, blank=True)
    next_what = models.CharField(_("next step"), max_length=120, blank=True)
    recorded_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"), default=clock.now)
    # When it was recorded as held: the correction period counts from here.
    held_at = models.DateTimeField(_("recorded as held at"), null=True, blank=True)
    cancelled_reason = models.CharField(_("reason for cancelling"), max_length=200, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="held", held_at__isnull=False, starts_at__lte=F("held_at"))
                | Q(state__in=["planned", "cancelled"], held_at__isnull=True),
                name="clients_interaction_held_lies_behind",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="clients_interaction_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(cancelled_reason=""))
                | (~Q(state="cancelled") & Q(cancelled_reason="")),
                name="clients_interaction_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="planned") | ~Q(purpose=""), name="clients_interaction_planned_for_something"
            ),
            models.CheckConstraint(
                condition=Q(next_on__isnull=False) | Q(next_what=""), name="clients_interaction_next_has_its_day"
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-starts_at", "-id"], name="clients_interaction_of_client"),
            models.Index(fields=["-starts_at", "-id"], name="clients_interaction_by_start"),
        ]

    def __str__(self) -> str:
        return self.purpose or self.words[:60] or self.get_kind_display()

    def get_absolute_url(self) -> str:
        return reverse("clients:interaction_detail", args=[self.pk])

    @property
    def title(self) -> str:
        """What the list calls it."""
        return str(self)

    @property
    def lacks_minutes(self) -> bool:
        """Whether minutes are still to be written: nothing was noted of what was said."""
        return self.state == self.State.HELD and not self.words


class Participant(models.Model):
    """Somebody who takes part: one of our people, a contact of the client, or a guest who is known by name only.

    Name and position are those of the day it was recorded; a contact who is taken out of the file leaves the name.
    """

    interaction = models.ForeignKey(
        Interaction, models.CASCADE, related_name="participants", verbose_name=_("interaction")
    )
    person = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("colleague")
    )
    contact = models.ForeignKey(
        "clients.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    name = models.CharField(_("name"), max_length=60)
    title = models.CharField(_("position held"), max_length=60, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="clients_participant_has_name"),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(contact__isnull=True), name="clients_participant_of_one_side"
            ),
            models.UniqueConstraint(
                fields=["interaction", "person"],
                condition=Q(person__isnull=False),
                name="clients_participant_person_once",
            ),
            models.UniqueConstraint(
                fields=["interaction", "contact"],
                condition=Q(contact__isnull=False),
                name="clients_participant_contact_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.title}".strip()


class InteractionNote(KeptWords):
    """What was added to an interaction later. Only ever added."""

    KEEPS = ("added_by",)

    interaction = models.ForeignKey(Interaction, models.PROTECT, related_name="notes", verbose_name=_("interaction"))
    text = models.TextField(_("addition"), max_length=2000)
    added_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"), default=clock.now)

    objects = AccessManager()

    class Meta:
        verbose_name = _("addition to an interaction")
        verbose_name_plural = _("additions to interactions")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="clients_interactionnote_has_text")]

    def __str__(self) -> str:
        return self.text[:60]


class Promise(models.Model):
    """What we promised a client: the to-do of one colleague until a day. Kept or dropped once."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("promise", "Open")
        KEPT = "kept", pgettext_lazy("promise", "Kept")
        DROPPED = "dropped", pgettext_lazy("promise", "Dropped")

    interaction = models.ForeignKey(Interaction, models.PROTECT, related_name="promises", verbose_name=_("interaction"))
    what = models.CharField(_("what was promised"), max_length=200)
    owner = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("who does it"))
    due_on = models.DateField(_("promised for"))
    state = models.CharField(_("status"), max_length=8, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(_("what became of it"), max_length=200, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="clients_promise_says_what"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True, outcome="")
                | (Q(state__in=["kept", "dropped"], settled_at__isnull=False) & ~Q(outcome="")),
                name="clients_promise_settled_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return self.interaction.get_absolute_url()


class ContactPlan(models.Model):
    """When the next contact with a client is due: the last contact that counts, or the day of registration without
    one, and the interval of its grade (rules-2 10.7).

    One row per client, written by SQL alone (`services.contact_plan`): after an interaction, and by night for all.
    `as_of` is the day on which the values became what they are.
    """

    client = models.OneToOneField(
        "clients.Client", models.CASCADE, primary_key=True, related_name="contact_plan", verbose_name=_("client")
    )
    last_on = models.DateField(_("last contact"), null=True)
    every_days = models.PositiveSmallIntegerField(_("contact interval in days"))
    due_on = models.DateField(_("next contact due"))
    as_of = models.DateField(_("as of"))

    objects = AccessManager()

    class Meta:
        verbose_name = _("contact plan")
        verbose_name_plural = _("contact plans")
        ordering = ["due_on", "client_id"]
        constraints = [
            models.CheckConstraint(condition=Q(every_days__gt=0), name="clients_contactplan_has_interval"),
        ]
        indexes = [models.Index(fields=["due_on", "client"], name="clients_contactplan_by_due")]

    def __str__(self) -> str:
        return f"{self.client_id} · {self.due_on}"

    @property
    def days_overdue(self) -> int:
        """Days since the contact was due; 0 while it is not overdue."""
        return max(0, (clock.today() - self.due_on).days)
