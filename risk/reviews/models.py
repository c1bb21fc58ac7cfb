"""The three-stage review as rows: the case, its rounds with their frozen dossiers, the seats, and what was decided."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.audit.models import AppendOnly
from crm.kernel.people.models import Cover, Person
from crm.kernel.people.roles import AuthorityLevel
from projects.deals.models import Project
from risk.reviews.carried_constraints import CARRIED_CONSTRAINTS
from risk.reviews.counters import CaseCounter as CaseCounter
from risk.reviews.declarations import ConflictDeclaration as ConflictDeclaration
from risk.reviews.workflow import APPROVALS as APPROVALS
from risk.reviews.workflow import CLOSED, DEAL, WITHDRAWABLE, CaseStatus, SeatStage, Stage, Verb


class ReviewCase(KeptWords, VersionedModel):
    """The review of one subject about a project: where it stands, who must decide finally and until when.

    `kind` names the subject (`subjects.py`): the project's application, or what another module registers.
    `required_level` is the final authority asked for (1 to 4), `authority` the reasons and figures behind it with the
    versions of the parameters used; `step` counts the escalations of the present stage.
    """

    KEEPS = ("project", "submitted_by", "withdrawn_by")

    number = models.CharField(_("case number"), max_length=20, unique=True)
    project = models.ForeignKey(Project, models.PROTECT, related_name="review_cases", verbose_name=_("project"))
    kind = models.CharField(_("kind of review"), max_length=16, default=DEAL)
    status = models.CharField(_("status"), max_length=10, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.INITIAL)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    step = models.PositiveSmallIntegerField(_("step"), default=0)
    required_level = models.PositiveSmallIntegerField(_("required authority"), choices=AuthorityLevel.choices)
    authority = models.JSONField(_("basis of the authority"), default=dict)
    stage_since = models.DateTimeField(_("at this stage since"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    due_provisional = models.BooleanField(_("due date provisional"), default=False)
    waiting_for = ArrayField(models.CharField(max_length=60), verbose_name=_("waiting for"), blank=True, default=list)
    submitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("submitted by"))
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("withdrawn by")
    )
    withdrawn_reason = models.TextField(_("reason for withdrawal"), blank=True)
    urgent_reason = models.TextField(_("reason for urgency"), max_length=500, blank=True, default="")

    objects = AccessManager()

    class Meta:
        verbose_name = _("review case")
        verbose_name_plural = _("review cases")
        ordering = [F("due_on").asc(nulls_last=True), "id"]
        indexes = [
            models.Index(fields=["status", "stage", "due_on"], name="risk_reviewcase_inbox"),
            models.Index(fields=["due_on", "id"], name="risk_reviewcase_by_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["project"], condition=Q(kind=DEAL), name="risk_reviewcase_one_per_project"),
            models.UniqueConstraint(
                fields=["project", "kind"],
                condition=Q(status__in=WITHDRAWABLE),
                name="risk_reviewcase_one_open_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(status="open") | Q(waiting_for=[]), name="risk_reviewcase_waits_while_open"
            ),
            models.CheckConstraint(condition=Q(status__in=CaseStatus.values), name="risk_reviewcase_status_known"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="risk_reviewcase_stage_known"),
            models.CheckConstraint(
                condition=Q(required_level__gte=1, required_level__lte=4), name="risk_reviewcase_level_known"
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="risk_reviewcase_round_from_one"),
            models.CheckConstraint(
                condition=Q(status__in=CLOSED, closed_at__isnull=False)
                | (~Q(status__in=CLOSED) & Q(closed_at__isnull=True)),
                name="risk_reviewcase_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="open") | Q(due_on__isnull=False), name="risk_reviewcase_open_has_due"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("risk:review_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether somebody's decision is awaited."""
        return self.status == CaseStatus.OPEN

    @property
    def needs_committee(self) -> bool:
        """Whether its way leads through the credit committee before the final approval."""
        return bool(self.authority.get("needs_committee"))

    @property
    def is_withdrawable(self) -> bool:
        """Whether its makers can still take it back: it runs, or it came back to them."""
        return self.status in WITHDRAWABLE


class ReviewRound(KeptWords, AppendOnly):
    """One passage through the stages over one frozen dossier. `dossier` is canonical JSON, kept byte for byte.

    `carried` maps a stage to the id of the earlier decision that still stands in this round (dossier unchanged).
    """

    KEEPS = ("opened_by",)

    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="rounds", verbose_name=_("case"))
    number = models.PositiveSmallIntegerField(_("round"))
    dossier = models.TextField(_("dossier"))
    dossier_sha256 = models.CharField(_("Dossier hash (SHA-256)"), max_length=64)
    starts_at = models.CharField(_("starts at"), max_length=10, choices=Stage.choices)
    carried = models.JSONField(_("approvals carried over"), default=dict)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("submitted by"))
    opened_at = models.DateTimeField(_("submitted at"))

    objects = AccessManager()

    class Meta:
        verbose_name = _("review round")
        verbose_name_plural = _("review rounds")
        ordering = ["case_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="risk_reviewround_once"),
            # Target of the decision's composite key: a decision carries the hash of the dossier of its round.
            models.UniqueConstraint(fields=["case", "number", "dossier_sha256"], name="risk_reviewround_hash"),
            models.CheckConstraint(
                condition=Q(dossier_sha256__regex=r"^[0-9a-f]{64}$"), name="risk_reviewround_hash_shape"
            ),
            models.CheckConstraint(condition=Q(starts_at__in=Stage.values), name="risk_reviewround_start_known"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} / {self.number}"


class ReviewSeat(KeptWords):
    """One person's one place in a case. Who recuses, or worked on the deal after deciding, keeps it without a voice."""

    KEEPS = ("person",)

    class Barred(models.TextChoices):
        NONE = "", _("eligible to decide")
        RECUSED = "recused", _("Recused")
        BECAME_MAKER = "became_maker", _("Worked on the project after the decision")
        HEARD_BEFORE = "heard_before", _("Decided the first hearing")

    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="seats", verbose_name=_("case"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="review_seats", verbose_name=_("person"))
    stage = models.CharField(_("stage"), max_length=10, choices=SeatStage.choices)
    declared_at = models.DateTimeField(_("declared at"), null=True, blank=True)
    recused_at = models.DateTimeField(_("excluded since"), null=True, blank=True)
    barred = models.CharField(_("reason for exclusion"), max_length=14, choices=Barred.choices, blank=True, default="")

    objects = AccessManager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["case_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "person"], name="risk_reviewseat_one_per_person"),
            models.UniqueConstraint(fields=["case", "person", "stage"], name="risk_reviewseat_with_stage"),
            models.CheckConstraint(condition=Q(stage__in=SeatStage.values), name="risk_reviewseat_stage_known"),
            models.CheckConstraint(
                condition=Q(recused_at__isnull=True, barred="") | (Q(recused_at__isnull=False) & ~Q(barred="")),
                name="risk_reviewseat_barred_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_stage_display()}"


class Decision(KeptWords, AppendOnly):
    """What one person decided at one stage of one round, over the dossier whose hash it carries. Written once.

    Migrations 0002 and 0068 tie it to the seats of the person and of the `principal` decided for under `cover`, and to
    the round's hash; a seat without a voice takes no decision. So nobody decides who sits as a maker or elsewhere.
    """

    KEEPS = ("person", "principal")

    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="decisions", verbose_name=_("case"))
    round = models.PositiveSmallIntegerField(_("round"))
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices)
    step = models.PositiveSmallIntegerField(_("step"), default=0)
    verb = models.CharField(_("decision"), max_length=24, choices=Verb.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="decisions", verbose_name=_("person"))
    principal = models.ForeignKey(
        Person, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("decided for")
    )
    cover = models.ForeignKey(
        Cover, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("under the letter")
    )
    account_id = models.BigIntegerField(_("account id"), null=True)
    opinion = models.TextField(_("opinion"), blank=True)
    reason_code = models.CharField(_("reason"), max_length=40, blank=True)
    target_stage = models.CharField(_("back to"), max_length=10, choices=Stage.choices, blank=True)
    return_due_on = models.DateField(_("correct by"), null=True, blank=True)
    # What an approval carries; migration 0071 keeps it at or below what came before.
    amount = models.DecimalField(_("amount carried"), max_digits=18, decimal_places=2, null=True, blank=True)
    term_months = models.SmallIntegerField(_("term carried"), null=True, blank=True)
    draw_months = models.SmallIntegerField(_("draw-down period carried"), null=True, blank=True)
    dossier_sha256 = models.CharField(_("Dossier hash (SHA-256)"), max_length=64)
    # The parameters and the authority this decision was measured by, with their versions.
    rule_versions = models.JSONField(_("versions of the rules"), default=dict)
    decided_at = models.DateTimeField(_("decided at"))

    objects = AccessManager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["decided_at", "id"]
        constraints = [
            # Named apart from the column's choices: this is the rule that a maker is never a checker.
            models.CheckConstraint(condition=~Q(stage="maker"), name="risk_decision_never_by_a_maker"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="risk_decision_stage_known"),
            models.CheckConstraint(condition=Q(verb__in=Verb.values), name="risk_decision_verb_known"),
            models.UniqueConstraint(
                fields=["case", "round", "stage", "step"],
                condition=~Q(verb="recuse"),
                name="risk_decision_one_per_step",
            ),
            models.UniqueConstraint(fields=["case", "round", "stage", "person"], name="risk_decision_one_per_person"),
            models.CheckConstraint(
                condition=Q(principal__isnull=True, cover__isnull=True)
                | (Q(principal__isnull=False, cover__isnull=False) & ~Q(principal=F("person"))),
                name="risk_decision_for_another_under_a_letter",
            ),
            models.CheckConstraint(
                condition=(Q(verb="return") & ~Q(target_stage="") & ~Q(reason_code=""))
                | (~Q(verb="return") & Q(target_stage="", return_due_on__isnull=True)),
                name="risk_decision_return_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(verb="reject") | ~Q(reason_code=""), name="risk_decision_rejection_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(verb="escalate") | Q(stage="final"), name="risk_decision_escalated_at_final_only"
            ),
            *CARRIED_CONSTRAINTS,
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} · {self.get_verb_display()}"


class ReturnItem(AppendOnly):
    """One thing the makers must bring before the case comes again."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="items", verbose_name=_("decision"))
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.CharField(_("required item"), max_length=500)

    objects = AccessManager()

    class Meta:
        verbose_name = _("return item")
        verbose_name_plural = _("return items")
        ordering = ["decision_id", "order"]
        constraints = [models.UniqueConstraint(fields=["decision", "order"], name="risk_returnitem_order")]

    def __str__(self) -> str:
        return self.text


class Condition(KeptWords, VersionedModel):
    """A condition of an approval. The review makes and drops it; once the case is approved it is followed up.

    `dropped`: a later stage took it away with a reason. `lapsed`: the decision that made it no longer stands.
    `to_verify`: reported as met, with `evidence` in words. A second person says `met`, `waived` or open again, the last
    two with a `reason`. Migration 0006 keeps one that is met or waived as it is.
    """

    KEEPS = ("owner", "reported_by", "settled_by")

    class Kind(models.TextChoices):
        PRECEDENT = "precedent", _("Condition precedent")
        CONTINUING = "continuing", _("Continuing condition")

    class Status(models.TextChoices):
        OPEN = "open", _("Not met")
        PARTLY = "partly", _("Partly met")
        TO_VERIFY = "to_verify", _("To be verified")
        MET = "met", _("Met")
        WAIVED = "waived", _("Waived")
        DROPPED = "dropped", _("Revoked at a later stage")
        LAPSED = "lapsed", _("No longer valid in this round")

    UNSETTLED = (Status.OPEN, Status.PARTLY, Status.TO_VERIFY)

    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="conditions", verbose_name=_("case"))
    text = models.CharField(_("condition"), max_length=500)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PRECEDENT)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("responsible"))
    due_text = models.CharField(_("due date in words"), max_length=60, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    blocking = models.BooleanField(_("blocks drawdown"), default=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    created_by = models.ForeignKey(
        Decision, models.PROTECT, related_name="conditions", verbose_name=_("added by the decision")
    )
    dropped_by = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="dropped", verbose_name=_("revoked by")
    )
    dropped_reason = models.CharField(_("reason for revoking it"), max_length=500, blank=True)
    reported_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("reported by")
    )
    reported_at = models.DateTimeField(_("reported at"), null=True, blank=True)
    evidence = models.TextField(_("how it was met"), max_length=2000, blank=True)
    settled_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("verified by")
    )
    settled_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    reason = models.TextField(_("the second person's reason"), max_length=500, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["precedent", "continuing"]), name="risk_condition_kind_known"),
            models.CheckConstraint(
                condition=(Q(dropped_by__isnull=True, dropped_reason="") & ~Q(status="dropped"))
                | (Q(dropped_by__isnull=False, status="dropped") & ~Q(dropped_reason="")),
                name="risk_condition_dropped_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(reported_by__isnull=True, reported_at__isnull=True, evidence="")
                | (Q(reported_by__isnull=False, reported_at__isnull=False) & ~Q(evidence="")),
                name="risk_condition_report_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True, settled_at__isnull=True, reason="")
                | Q(settled_by__isnull=False, settled_at__isnull=False, reported_by__isnull=False),
                name="risk_condition_settling_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | (~Q(settled_by=F("reported_by")) & ~Q(settled_by=F("owner"))),
                name="risk_condition_settled_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status="to_verify", reported_by__isnull=False, settled_by__isnull=True)
                | Q(status="met", settled_by__isnull=False)
                | (Q(status="waived", settled_by__isnull=False) & ~Q(reason=""))
                | ~Q(status__in=["to_verify", "met", "waived"]),
                name="risk_condition_status_has_its_act",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def audit_name(self) -> str:
        """Audit rows name the case and the condition's number, not its words."""
        return f"{self.case.number} · {self.pk}"

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#conditions"

    @property
    def is_in_force(self) -> bool:
        """Whether it binds: neither dropped nor lapsed."""
        return self.status not in (self.Status.DROPPED, self.Status.LAPSED)

    @property
    def is_holding(self) -> bool:
        """Whether it holds the money back now."""
        return self.blocking and self.is_unsettled

    @property
    def is_unsettled(self) -> bool:
        """Whether it has still to be met: binding, and no second person has said that it is met or waived."""
        return self.status in self.UNSETTLED
