"""The complaint itself: where it stands, until when, who answers for it.

Facts of the row follow from recorded acts: the database refuses a limit without an extension told in time, stopped days
without a pause, a reply or an end without its event (migration 0004).
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.fields import EncryptedTextField
from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.masks import mask_email, mask_mobile, mask_name, masks
from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock
from staff.complaints.models.words import OPEN, WORKED_ON, Channel, Grade, Ground, Outcome, Part, Status
from staff.complaints.rules import deadlines


class ComplaintCounter(models.Model):
    """The last number given out in a year. One statement counts up and answers."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()


class Complaint(KeptWords, VersionedModel):
    """One complaint. Limits are days from receipt, as they were in force on the day of receipt.

    `due_on` is the last day in time: `due_none`, or `due_forward` where the institution rolls forward. A reopened
    complaint keeps every one of these dates.
    """

    KEEPS = ("client", "responsible", "created_by")

    number = models.CharField(_("complaint number"), max_length=20, unique=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    received_at = models.DateTimeField(_("received at"))
    received_on = models.DateField(_("received on"))
    title = models.CharField(_("matter"), max_length=120)
    facts = models.TextField(_("facts"), max_length=4000)
    demand = models.TextField(_("what is asked for"), max_length=1000, blank=True, default="", db_default="")
    amount = models.DecimalField(_("amount in dispute"), max_digits=18, decimal_places=2, null=True, blank=True)

    complainant_name = models.CharField(_("complainant"), max_length=60)
    complainant_phone = EncryptedTextField(_("telephone"), max_length=20, blank=True, default="")
    complainant_email = EncryptedTextField(_("e-mail"), max_length=120, blank=True, default="")
    # Equal telephones compare equal: a repeated complaint is found without reading whose it is.
    phone_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    complainants = models.PositiveSmallIntegerField(_("number of complainants"), default=1)
    # Who speaks for a group, and who complains for somebody else; both need a mandate.
    representatives = models.PositiveSmallIntegerField(_("number of representatives"), default=0, db_default=0)
    proxy_name = models.CharField(_("proxy"), max_length=60, blank=True, default="", db_default="")
    has_mandate = models.BooleanField(_("written mandate"), default=False, db_default=False)
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
    # The words by which client and deal were named: whether they are any of ours is told to few (policies.works_on).
    client_code = models.CharField(_("client's code as entered"), max_length=60, blank=True, default="", db_default="")
    project_name = models.CharField(_("project as entered"), max_length=120, blank=True, default="", db_default="")
    # Where it belongs: the client's department when it came in, else the recording person's. None for the web form:
    # its heads would read it before anybody has read whom it is about; and where a client was named whom the recording
    # person does not see. From then on its handler's department says.
    department = models.ForeignKey(
        "kernel.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )

    grade = models.CharField(_("class"), max_length=8, choices=Grade.choices, default=Grade.GENERAL)
    grounds = models.JSONField(_("basis of the class"), default=list)
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
    paused_days = models.PositiveSmallIntegerField(_("excluded days"), default=0)
    roll = models.CharField(_("when the last day is a day off"), max_length=7, default="none")
    due_none = models.DateField(_("legal limit"))
    due_forward = models.DateField(_("legal limit, rolled forward"))
    internal_due = models.DateField(_("internal limit"))
    due_on = models.DateField(_("due on"))
    due_provisional = models.BooleanField(_("due date provisional"), default=False)
    acknowledge_by = models.DateTimeField(_("acknowledge by"))
    contact_by = models.DateField(_("first contact by"))
    investigate_by = models.DateField(_("investigate by"))
    reply_by = models.DateField(_("reply target"))
    rule_versions = models.JSONField(_("versions of the rules"), default=list)

    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    # The parts of the reply; services.reply puts them together, and the paragraph on rights after them.
    draft = models.TextField(_("facts found"), max_length=4000, blank=True, default="")
    reasons = models.TextField(_("reasons and basis"), max_length=4000, blank=True, default="", db_default="")
    measures = models.TextField(_("measures"), max_length=2000, blank=True, default="", db_default="")
    measures_on = models.DateField(_("measures completed by"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True, default="")
    # The first reply decides whether the legal limit was kept; reopening does not take it away.
    first_replied_at = models.DateTimeField(_("first reply at"), null=True, blank=True)
    replied_at = models.DateTimeField(_("replied at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)

    # The day on which the withdrawal was received: the clock stopped there, whenever it was recorded.
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

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
            # Regulation: at most five people represent a group.
            models.CheckConstraint(
                condition=Q(representatives__lte=5) & Q(representatives__lte=F("complainants")),
                name="staff_complaint_five_representatives",
            ),
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
                condition=Q(status="received")
                | Q(responsible__isnull=False)
                | Q(status="investigating")
                | Q(withdrawn_on__isnull=False),
                name="staff_complaint_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=["replied", "closed"], replied_at__isnull=False) & ~Q(outcome=""))
                | Q(status="closed", withdrawn_on__isnull=False)
                | (~Q(status__in=["replied", "closed"]) & Q(replied_at__isnull=True)),
                name="staff_complaint_reply_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at__isnull=True)),
                name="staff_complaint_end_has_time",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True)
                | Q(withdrawn_on__gte=F("received_on"), status="closed", outcome="withdrawn"),
                name="staff_complaint_withdrawn_is_closed",
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
        """Calendar days since receipt, up to the first reply or the withdrawal."""
        end = self.first_replied_at if self.first_replied_at and not self.is_open else clock.now()
        last = self.withdrawn_on or deadlines.receipt_day(end)
        return max((last - self.received_on).days, 0)

    @property
    def days_left(self) -> int | None:
        """Calendar days left until the limit in force; None once it was answered."""
        return deadlines.days_left(clock.today(), self.due_on) if self.is_open else None

    @property
    def was_in_time(self) -> bool | None:
        """Whether the first reply kept the limit; None while it may still."""
        if self.first_replied_at is not None:
            return deadlines.receipt_day(self.first_replied_at) <= self.due_on
        last = self.withdrawn_on or clock.today()
        return False if last > self.due_on else None

    @property
    def acknowledged_late(self) -> bool:
        """Whether receipt was acknowledged after its time, or is not acknowledged though its time has passed."""
        if self.acknowledged_at is None and self.status not in (*WORKED_ON, Status.RECEIVED):
            return False
        return (self.acknowledged_at or clock.now()) > self.acknowledge_by

    @property
    def ground_words(self) -> list[str]:
        """The grounds of the class in words."""
        known = dict(Ground.choices)
        return [str(known.get(code, code)) for code in self.grounds]


masks(
    Complaint,
    complainant_name=mask_name,
    proxy_name=mask_name,
    complainant_phone=mask_mobile,
    complainant_email=mask_email,
)
