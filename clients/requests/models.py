"""Requests (服务请求) of clients: answered within the hours of the service level, solved, closed by a call-back."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock


class ServiceRequest(KeptWords, VersionedModel):
    """What a client asks us to do. Without an owner it waits in the shared queue.

    `answer_by` follows from the working hours of `request.service` at its recording. `first_minutes` and
    `solve_minutes` are working time from `asked_at`; a reopened one is solved again and counts until then.
    """

    KEEPS = ("recorded_by",)

    class Channel(models.TextChoices):
        PHONE = "phone", pgettext_lazy("request", "Telephone")
        TALK = "talk", pgettext_lazy("request", "Visit or meeting")
        EMAIL = "email", _("E-mail")
        WECHAT = "wechat", _("WeChat")
        COUNTER = "counter", pgettext_lazy("request", "Reception")
        SYSTEM = "system", pgettext_lazy("request", "Another system")

    class Kind(models.TextChoices):
        QUESTION = "question", pgettext_lazy("request", "Question")
        DOCUMENT = "document", pgettext_lazy("request", "Documents and certificates")
        FINANCING = "financing", pgettext_lazy("request", "Financing")
        ACCOUNT = "account", pgettext_lazy("request", "Accounts and settlement")
        CHANGE = "change", pgettext_lazy("request", "Change of details")
        OPINION = "opinion", pgettext_lazy("request", "Opinion or suggestion")
        OTHER = "other", pgettext_lazy("request", "Other")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("request", "Open")
        ANSWERED = "answered", pgettext_lazy("request", "Answered")
        SOLVED = "solved", pgettext_lazy("request", "Solved")
        CLOSED = "closed", pgettext_lazy("request", "Closed")

    client = models.ForeignKey(
        "clients.Client", models.PROTECT, related_name="requests", db_index=False, verbose_name=_("client")
    )
    contact = models.ForeignKey(
        "clients.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    interaction = models.ForeignKey(
        "clients.Interaction",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("interaction"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    kind = models.CharField(pgettext_lazy("request", "class"), max_length=10, choices=Kind.choices)
    words = models.TextField(pgettext_lazy("request", "what is asked for"), max_length=2000)
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(
        "kernel.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("who handles it"),
    )
    asked_at = models.DateTimeField(_("asked at"))
    answer_by = models.DateTimeField(_("first answer due"))
    recorded_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"), default=clock.now)
    answered_at = models.DateTimeField(_("first answered at"), null=True, blank=True)
    solved_at = models.DateTimeField(_("solved at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    # Whether the client was content, said at the call-back.
    is_content = models.BooleanField(_("client is satisfied"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    first_minutes = models.PositiveIntegerField(_("working minutes to the first answer"), null=True, blank=True)
    solve_minutes = models.PositiveIntegerField(_("working minutes to the solution"), null=True, blank=True)
    # When the head was told that the first answer is late.
    late_at = models.DateTimeField(_("reported as late at"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("client request")
        verbose_name_plural = _("client requests")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="clients_request_says_what"),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None, solved_at=None, closed_at=None)
                | Q(state="answered", answered_at__isnull=False, solved_at=None, closed_at=None)
                | Q(state="solved", answered_at__isnull=False, solved_at__isnull=False, closed_at=None)
                | Q(state="closed", answered_at__isnull=False, solved_at__isnull=False, closed_at__isnull=False),
                name="clients_request_closed_after_answer_and_solution",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__lte=F("recorded_at")) & Q(answer_by__gt=F("asked_at")),
                name="clients_request_times_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(owner__isnull=False), name="clients_request_answered_by_owner"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, first_minutes__isnull=True)
                | Q(answered_at__isnull=False, first_minutes__isnull=False),
                name="clients_request_answer_is_measured",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-asked_at", "-id"], name="clients_request_of_client"),
            models.Index(fields=["-asked_at", "-id"], name="clients_request_by_time"),
            models.Index(fields=["owner", "-asked_at"], name="clients_request_of_owner"),
            models.Index(fields=["answer_by"], name="clients_request_unanswered", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.words.split("\n", 1)[0][:40]

    def get_absolute_url(self) -> str:
        return reverse("clients:request_detail", args=[self.pk])

    @property
    def title(self) -> str:
        """What the list calls it."""
        return str(self)

    @property
    def is_late(self) -> bool:
        """Whether its first answer is or was late."""
        return (self.answered_at or clock.now()) > self.answer_by

    @property
    def is_queued(self) -> bool:
        """Whether it waits in the shared queue."""
        return self.owner_id is None

    @property
    def shown_state(self) -> str:
        """Its badge: late while no answer was given in time, else the state."""
        return "late" if self.state == self.State.OPEN and self.is_late else self.state


class RequestStep(KeptWords):
    """What happened to a request, in order, from the queue to the call-back. Only added."""

    KEEPS = ("added_by",)

    class Kind(models.TextChoices):
        TAKEN = "taken", pgettext_lazy("request", "Taken from the queue")
        ASSIGNED = "assigned", pgettext_lazy("request", "Assigned")
        ANSWER = "answer", pgettext_lazy("request", "Answer")
        SOLUTION = "solution", pgettext_lazy("request", "Solution")
        CALL_BACK = "call_back", pgettext_lazy("request", "Call-back")
        REOPENED = "reopened", pgettext_lazy("request", "Reopened")
        PROMISED = "promised", pgettext_lazy("request", "Promise")

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="steps", verbose_name=_("client request"))
    kind = models.CharField(_("step"), max_length=10, choices=Kind.choices)
    words = models.TextField(_("text"), max_length=2000, blank=True)
    person = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("assigned to")
    )
    promise = models.ForeignKey(
        "clients.Promise", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("promise")
    )
    added_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"), default=clock.now)

    objects = AccessManager()

    class Meta:
        verbose_name = _("step of a client request")
        verbose_name_plural = _("steps of client requests")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["taken", "assigned"]) | ~Q(words=""), name="clients_requeststep_has_words"
            ),
            models.CheckConstraint(
                condition=~Q(kind="assigned") | Q(person__isnull=False), name="clients_requeststep_assigned_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.words[:40]}".strip()
