"""A complaint on its statutory clock: who complains of what, who answers for it, and everything that was recorded.

Facts of the row follow from recorded acts: the database refuses a limit without an extension told in time, stopped days
without a pause, a reply or an end without its event (migration 0002).
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.fields import EncryptedTextField
from crm.kernel.access.masks import mask_email, mask_mobile, mask_name, masks
from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.audit.models import AppendOnly
from crm.kernel.workdays import clock
from staff.complaints.rules import deadlines


class Channel(models.TextChoices):
    HOTLINE = "hotline", _("Hotline")
    COUNTER = "counter", _("Counter")
    EMAIL = "email", _("E-mail")
    REGULATOR = "regulator", _("Transfer by the regulator")
    WEB = "web", _("Public web form")


class Status(models.TextChoices):
    RECEIVED = "received", _("Waiting for acceptance")
    INVESTIGATING = "investigating", _("Under investigation")
    REVIEW = "review", _("Waiting for the second person")
    TO_REPLY = "to_reply", _("Waiting for the reply")
    REPLIED = "replied", _("Replied")
    CLOSED = "closed", _("Closed")


class Grade(models.TextChoices):
    GENERAL = "general", _("General")
    MAJOR = "major", _("Major")


class Ground(models.TextChoices):
    """Why a complaint is major (rules 5.3)."""

    FACE_TO_FACE = "face_to_face", _("large group face to face")
    COMMON_FACTS = "common_facts", _("group with common facts")
    AMOUNT = "amount", _("amount above the threshold")
    EXPOSURE = "exposure", _("large part of the client's exposure")
    MEDIA = "media", _("media or online exposure")
    SUSPICION = "suspicion", _("suspected fraud, data leak or staff crime")
    KEY_ACCOUNT = "key_account", _("key account")
    REGULATOR = "regulator", _("transfer by the regulator")
    REPEAT = "repeat", _("repeated within the period")


class Outcome(models.TextChoices):
    UPHELD = "upheld", _("Upheld")
    PARTLY = "partly", _("Partly upheld")
    NOT_UPHELD = "not_upheld", _("Not upheld")
    WITHDRAWN = "withdrawn", _("Withdrawn by the complainant")


class Part(models.TextChoices):
    """The one part a person may have in a complaint."""

    HANDLER = "handler", _("Responsible person")
    CHECKER = "checker", _("Second person")
    CONCERNED = "concerned", _("Party concerned")


class Tie(models.TextChoices):
    """Why somebody is a party concerned."""

    NONE = "", _("none")
    SUBJECT = "subject", _("complained of")
    RELATIVE = "relative", _("relative of a person complained of")
    CLIENT = "client", _("relative of the complaining client")
    APPROVER = "approver", _("decided on the deal complained of")


class Kind(models.TextChoices):
    """What can happen to a complaint."""

    RECEIVED = "received", _("Received")
    ASSIGNED = "assigned", _("Responsible person named")
    ACKNOWLEDGED = "acknowledged", _("Receipt acknowledged")
    CLASSED = "classed", _("Class changed")
    CONCERNED = "concerned", _("Person complained of added")
    EXTENSION_REQUESTED = "extension_requested", _("Extension registered")
    EXTENSION_APPROVED = "extension_approved", _("Extension approved")
    EXTENSION_REFUSED = "extension_refused", _("Extension refused")
    EXTENSION_TOLD = "extension_told", _("Extension told to the complainant")
    PAUSED = "paused", _("Clock stopped")
    RESUMED = "resumed", _("Clock runs again")
    DRAFTED = "drafted", _("Reply drafted")
    REVIEWED = "reviewed", _("Reply passed by the second person")
    SENT_BACK = "sent_back", _("Reply sent back by the second person")
    REPLIED = "replied", _("Reply told to the complainant")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Reopened")
    ESCALATED = "escalated", _("Escalated")
    OVERDUE = "overdue", _("Legal limit passed")
    REDATED = "redated", _("Dates recomputed")


# Only the person who answers for the complaint does the first, only a second person the others.
BY_HANDLER = (Kind.ACKNOWLEDGED, Kind.EXTENSION_REQUESTED, Kind.EXTENSION_TOLD, Kind.DRAFTED, Kind.REPLIED)
BY_CHECKER = (
    Kind.EXTENSION_APPROVED,
    Kind.EXTENSION_REFUSED,
    Kind.PAUSED,
    Kind.REVIEWED,
    Kind.SENT_BACK,
    Kind.CLOSED,
)
ANSWERED = (Status.REPLIED, Status.CLOSED)
OPEN = tuple(status for status in Status if status not in ANSWERED)
WORKED_ON = (Status.INVESTIGATING, Status.REVIEW, Status.TO_REPLY)


class ComplaintCounter(models.Model):
    """The last number given out in a year. One statement counts up and answers."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()


class Complaint(VersionedModel):
    """One complaint. Limits are days from receipt, as they were in force on the day of receipt.

    `due_on` is the last day in time: `due_none`, or `due_forward` where the institution rolls forward. A reopened
    complaint keeps every one of these dates.
    """

    number = models.CharField(_("complaint number"), max_length=20, unique=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    received_at = models.DateTimeField(_("received at"))
    received_on = models.DateField(_("received on"))
    title = models.CharField(_("matter"), max_length=120)
    facts = models.TextField(_("facts"), max_length=4000)
    amount = models.DecimalField(_("amount in dispute"), max_digits=18, decimal_places=2, null=True, blank=True)

    complainant_name = models.CharField(_("complainant"), max_length=60)
    complainant_phone = EncryptedTextField(_("telephone"), max_length=20, blank=True, default="")
    complainant_email = EncryptedTextField(_("e-mail"), max_length=120, blank=True, default="")
    # Equal telephones compare equal: a repeated complaint is found without reading whose it is.
    phone_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    complainants = models.PositiveSmallIntegerField(_("number of complainants"), default=1)
    is_face_to_face = models.BooleanField(_("group came in person"), default=False)
    has_common_facts = models.BooleanField(_("group with common facts"), default=False)
    is_in_media = models.BooleanField(_("media or online exposure"), default=False)
    is_suspicion = models.BooleanField(_("suspected fraud, data leak or staff crime"), default=False)
    is_key_account = models.BooleanField(_("key account"), default=False)

    client = models.ForeignKey(
        "clients.Client", models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name=_("client")
    )
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name=_("project")
    )
    # Where it belongs: the client's department when it came in, else the recording person's; null for the web form.
    department = models.ForeignKey(
        "kernel.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )

    grade = models.CharField(_("class"), max_length=8, choices=Grade.choices, default=Grade.GENERAL)
    grounds = models.JSONField(_("grounds of the class"), default=list)
    status = models.CharField(_("stage"), max_length=14, choices=Status.choices, default=Status.RECEIVED)
    responsible = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible person")
    )
    # Constant beside `responsible`: with the complaint it is a key into the seats, so nobody answers without a seat.
    responsible_part = models.CharField(max_length=9, default=Part.HANDLER, editable=False)
    escalated_to = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("escalated to")
    )

    limit_days = models.PositiveSmallIntegerField(_("limit in force"))
    longest_days = models.PositiveSmallIntegerField(_("longest limit"))
    extensions = models.PositiveSmallIntegerField(_("extensions in force"), default=0)
    paused_days = models.PositiveSmallIntegerField(_("days that do not count"), default=0)
    roll = models.CharField(_("when the last day is a day off"), max_length=7, default="none")
    due_none = models.DateField(_("legal limit"))
    due_forward = models.DateField(_("legal limit, rolled forward"))
    internal_due = models.DateField(_("internal limit"))
    due_on = models.DateField(_("due on"))
    due_provisional = models.BooleanField(_("due day provisional"), default=False)
    acknowledge_by = models.DateTimeField(_("acknowledge by"))
    contact_by = models.DateField(_("first contact by"))
    investigate_by = models.DateField(_("investigate by"))
    reply_by = models.DateField(_("reply target"))
    rule_versions = models.JSONField(_("versions of the rules"), default=list)

    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    draft = models.TextField(_("reply"), max_length=4000, blank=True, default="")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True, default="")
    # The first reply decides whether the legal limit was kept; reopening does not take it away.
    first_replied_at = models.DateTimeField(_("first reply at"), null=True, blank=True)
    replied_at = models.DateTimeField(_("replied at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)

    code_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    created_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    created_at = models.DateTimeField(_("recorded at"), default=clock.now, editable=False)

    objects = AccessManager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["due_on", "id"], name="staff_complaint_by_due"),
            models.Index(fields=["status", "due_on"], name="staff_complaint_by_stage"),
            models.Index(fields=["phone_hash", "received_on"], name="staff_complaint_repeats"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="staff_complaint_status_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="staff_complaint_channel_known"),
            models.CheckConstraint(
                condition=(Q(grade="major") & ~Q(grounds=[])) | Q(grade="general", grounds=[]),
                name="staff_complaint_class_has_grounds",
            ),
            models.CheckConstraint(condition=Q(roll__in=["none", "forward"]), name="staff_complaint_roll_known"),
            models.CheckConstraint(condition=Q(complainants__gte=1), name="staff_complaint_has_complainant"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="staff_complaint_amount_not_negative"
            ),
            models.CheckConstraint(condition=Q(extensions__lte=2), name="staff_complaint_two_extensions"),
            models.CheckConstraint(
                condition=Q(limit_days__lte=F("longest_days")), name="staff_complaint_limit_within_longest"
            ),
            models.CheckConstraint(
                condition=Q(due_forward__gte=F("due_none"), internal_due__lte=F("due_none")),
                name="staff_complaint_dates_around_due",
            ),
            models.CheckConstraint(
                condition=Q(roll="none", due_on=F("due_none")) | Q(roll="forward", due_on=F("due_forward")),
                name="staff_complaint_due_by_roll",
            ),
            models.CheckConstraint(
                condition=Q(responsible_part="handler"), name="staff_complaint_responsible_is_handler"
            ),
            models.CheckConstraint(
                condition=Q(status="received") | Q(responsible__isnull=False) | Q(status="investigating"),
                name="staff_complaint_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=["replied", "closed"], replied_at__isnull=False) & ~Q(outcome=""))
                | (~Q(status__in=["replied", "closed"]) & Q(replied_at__isnull=True)),
                name="staff_complaint_reply_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at__isnull=True)),
                name="staff_complaint_end_has_time",
            ),
            models.CheckConstraint(
                condition=Q(project__isnull=True) | Q(client__isnull=False), name="staff_complaint_project_of_client"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("staff:complaint_detail", args=[self.pk])

    @property
    def audit_name(self) -> str:
        """Audit rows call it by its number: the matter may name people."""
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether a reply is still owed."""
        return self.status in OPEN

    @property
    def is_major(self) -> bool:
        return self.grade == Grade.MAJOR

    @property
    def days_used(self) -> int:
        """Calendar days since receipt, up to the first reply."""
        end = self.first_replied_at if self.first_replied_at and not self.is_open else clock.now()
        return max((deadlines.receipt_day(end) - self.received_on).days, 0)

    @property
    def days_left(self) -> int | None:
        """Calendar days left until the limit in force; None once it was answered."""
        return deadlines.days_left(clock.today(), self.due_on) if self.is_open else None

    @property
    def was_in_time(self) -> bool | None:
        """Whether the first reply kept the limit; None while it may still."""
        if self.first_replied_at is not None:
            return deadlines.receipt_day(self.first_replied_at) <= self.due_on
        return False if clock.today() > self.due_on else None

    @property
    def ground_words(self) -> list[str]:
        """The grounds of the class in words."""
        known = dict(Ground.choices)
        return [str(known.get(code, code)) for code in self.grounds]


masks(Complaint, complainant_name=mask_name, complainant_phone=mask_mobile, complainant_email=mask_email)


class ComplaintSeat(models.Model):
    """One person's one part in a complaint: a party concerned can be neither handler nor second person, whoever writes.

    Whoever turns out to be concerned after having acted keeps the part without a voice (`barred_at`, `tie`).
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="seats", verbose_name=_("complaint"))
    person = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    part = models.CharField(_("part"), max_length=9, choices=Part.choices)
    tie = models.CharField(_("why concerned"), max_length=8, choices=Tie.choices, blank=True, default="")
    since = models.DateTimeField(_("since"), default=clock.now)
    barred_at = models.DateTimeField(_("without a voice since"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("part in a complaint")
        verbose_name_plural = _("parts in complaints")
        ordering = ["complaint_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "person"], name="staff_complaintseat_one_per_person"),
            # Target of the composite keys of complaint, extension and event.
            models.UniqueConstraint(fields=["complaint", "person", "part"], name="staff_complaintseat_with_part"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="staff_complaintseat_part_known"),
            models.CheckConstraint(
                condition=(Q(part="concerned") & ~Q(tie=""))
                | (~Q(part="concerned") & Q(barred_at__isnull=True, tie=""))
                | (~Q(part="concerned") & Q(barred_at__isnull=False) & ~Q(tie="")),
                name="staff_complaintseat_concerned_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_part_display()}"


class Extension(models.Model):
    """One extension: registered with a reason, approved by a second person, told to the complainant; then in force.

    `due_before` is the limit in force when it was registered; whatever is missing when that day has passed is too late.
    """

    class Step(models.IntegerChoices):
        FIRST = 1, _("First extension")
        SECOND = 2, _("Second extension")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="extension_rows", verbose_name=_("complaint"))
    step = models.PositiveSmallIntegerField(_("extension"), choices=Step.choices)
    days = models.PositiveSmallIntegerField(_("limit from receipt"))
    reason = models.TextField(_("reason"), max_length=1000)
    due_before = models.DateField(_("limit before"))
    requested_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("registered by"))
    requested_at = models.DateTimeField(_("registered at"))
    decided_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    is_approved = models.BooleanField(_("approved"), null=True, blank=True)
    decision = models.CharField(_("decision in words"), max_length=500, blank=True, default="")
    checker_part = models.CharField(max_length=9, default=Part.CHECKER, editable=False)
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)
    told_on = models.DateField(_("told on"), null=True, blank=True)
    told_how = models.CharField(_("how the complainant was told"), max_length=200, blank=True, default="")

    objects = AccessManager()

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["complaint_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "step"], condition=Q(told_at__isnull=False), name="staff_extension_once_in_force"
            ),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(told_at__isnull=True) & (Q(is_approved__isnull=True) | Q(is_approved=True)),
                name="staff_extension_one_pending",
            ),
            models.CheckConstraint(condition=Q(step__in=[1, 2]), name="staff_extension_two_steps"),
            models.CheckConstraint(condition=~Q(reason=""), name="staff_extension_has_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="staff_extension_two_people",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, is_approved__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_approved__isnull=False),
                name="staff_extension_decision_is_whole",
            ),
            models.CheckConstraint(condition=Q(checker_part="checker"), name="staff_extension_decided_by_checker"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, told_on__isnull=True, told_how="")
                | (Q(told_at__isnull=False, is_approved=True, told_on__lte=F("due_before")) & ~Q(told_how="")),
                name="staff_extension_told_in_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} · {self.get_step_display()}"

    @property
    def is_pending(self) -> bool:
        """Whether it waits for its approval or for being told."""
        return self.told_at is None and self.is_approved is not False


class Pause(models.Model):
    """The clock stands still from `started_on` until `ended_on`, by itself no longer than until `planned_end`."""

    class Reason(models.TextChoices):
        MEDIATION = "mediation", _("Mediation that both agreed to")
        MANDATE = "mandate", _("Mandate of the proxy is missing")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="pauses", verbose_name=_("complaint"))
    reason = models.CharField(_("ground"), max_length=9, choices=Reason.choices)
    note = models.CharField(_("what was agreed or is missing"), max_length=500)
    started_on = models.DateField(_("from"))
    planned_end = models.DateField(_("at most until"))
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("pause of the clock")
        verbose_name_plural = _("pauses of the clock")
        ordering = ["complaint_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(ended_on__isnull=True), name="staff_pause_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(reason__in=["mediation", "mandate"]), name="staff_pause_reason_known"),
            models.CheckConstraint(
                condition=Q(planned_end__gt=F("started_on"))
                & (Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on"), ended_on__lte=F("planned_end"))),
                name="staff_pause_dates_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} · {self.get_reason_display()}"


class ComplaintEvent(AppendOnly):
    """One thing that happened to a complaint, written once. `part` binds an act to the seat that may do it."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="events", verbose_name=_("complaint"))
    kind = models.CharField(_("event"), max_length=20, choices=Kind.choices)
    at = models.DateTimeField(_("at"))
    person = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    part = models.CharField(_("part"), max_length=9, choices=Part.choices, null=True, blank=True)  # noqa: DJ001
    text = models.TextField(_("text"), blank=True, default="")
    data = models.JSONField(_("details"), default=dict)

    objects = AccessManager()

    class Meta:
        verbose_name = _("complaint event")
        verbose_name_plural = _("complaint events")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="staff_complaintevent_kind_known"),
            models.CheckConstraint(
                condition=(Q(kind__in=BY_HANDLER, part="handler") & Q(person__isnull=False))
                | (Q(kind__in=BY_CHECKER, part="checker") & Q(person__isnull=False))
                | (~Q(kind__in=[*BY_HANDLER, *BY_CHECKER]) & Q(part__isnull=True)),
                name="staff_complaintevent_by_its_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} · {self.get_kind_display()}"


class DeclaredRelation(models.Model):
    """A relative that a person declared (rules 6.5): a colleague, or a stranger known by a keyed hash of the number."""

    class Kind(models.TextChoices):
        SPOUSE = "spouse", _("Spouse")
        PARENT = "parent", _("Parent or child")
        SIBLING = "sibling", _("Brother or sister")
        OTHER = "other", _("Other close relative")

    person = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    related_person = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("related colleague")
    )
    related_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    kind = models.CharField(_("relation"), max_length=8, choices=Kind.choices)
    declared_at = models.DateTimeField(_("declared at"), default=clock.now)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("declared relation")
        verbose_name_plural = _("declared relations")
        ordering = ["person_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(related_person__isnull=False, related_hash=""))
                | (Q(related_person__isnull=True) & ~Q(related_hash="")),
                name="staff_relation_one_of_two",
            ),
            models.CheckConstraint(
                condition=Q(related_person__isnull=True) | ~Q(related_person=F("person")),
                name="staff_relation_not_oneself",
            ),
            models.UniqueConstraint(
                fields=["person", "related_person", "related_hash"],
                condition=Q(ended_on__isnull=True),
                nulls_distinct=False,
                name="staff_relation_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"


class PublicTry(models.Model):
    """One try at a public page, by address; only the throttle reads it, and forgets it after an hour."""

    class What(models.TextChoices):
        FILE = "file", _("complaint filed")
        LOOK_UP = "look_up", _("look-up that failed")

    what = models.CharField(max_length=7, choices=What.choices)
    address = models.GenericIPAddressField()
    # The form's own token: the same form sent twice files one complaint.
    token = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["address", "what", "at"], name="staff_publictry_recent")]
        constraints = [models.UniqueConstraint(fields=["token"], condition=~Q(token=""), name="staff_publictry_once")]

    def __str__(self) -> str:
        return f"{self.what} @ {self.address}"
