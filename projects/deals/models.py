"""A financing project: what is asked for and for whom, who investigates, which documents support it, what holds it."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.models import AbstractGrant, VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.text.pinyin import PinyinField, SoundPieces
from crm.kernel.text.search import Bigrams, Identifying
from crm.kernel.workdays import clock
from projects.deals.approval_constraints import APPROVAL_CONSTRAINTS


class Project(VersionedModel):
    """One deal. Money is yuan (or `currency`), the term is in months; product, sector and currency are parameter codes.

    While a review round is open the row carries the case's number in `locked_by_review`; the trigger of migration 0002
    then refuses any change of content, whoever asks. A decided deal stays as it was decided.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        RETURNED = "returned", _("Returned for completion")
        APPROVED = "approved", pgettext_lazy("project", "Approved")
        REJECTED = "rejected", pgettext_lazy("project", "Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Lapsed")

    class Stage(models.TextChoices):
        INITIAL = "initial", _("Initial review")
        RECHECK = "recheck", _("Re-check")
        COMMITTEE = "committee", _("Credit committee")
        FINAL = "final", _("Final approval")

    class ApprovalKind(models.TextChoices):
        """How the state lets an investment project begin (审批, 核准, 备案)."""

        APPROVAL = "approval", _("Approved by the authority")
        RATIFICATION = "ratification", _("Ratified by the authority")
        FILING = "filing", _("Filed with the authority")

    class RateKind(models.TextChoices):
        LPR_1Y = "lpr_1y", _("1-year LPR with a spread")
        LPR_5Y = "lpr_5y", _("LPR above 5 years with a spread")
        FIXED = "fixed", _("Fixed rate")

    class Repayment(models.TextChoices):
        SCHEDULE = "schedule", _("Instalments by schedule")
        EQUAL_PRINCIPAL = "equal_principal", _("Equal principal")
        EQUAL_PAYMENT = "equal_payment", _("Equal payments of principal and interest")
        BULLET = "bullet", _("Interest by period, principal at maturity")
        REVOLVING = "revolving", _("Revolving within the limit")

    class SecurityKind(models.TextChoices):
        MORTGAGE = "mortgage", _("Mortgage")
        PLEDGE = "pledge", _("Pledge")
        INCOME_PLEDGE = "income_pledge", _("Pledge of income rights")
        GUARANTEE = "guarantee", _("Guarantee")
        CASH_MARGIN = "cash_margin", _("Cash margin")

    client = models.ForeignKey("clients.Client", models.PROTECT, related_name="projects", verbose_name=_("client"))
    name = models.CharField(_("project name"), max_length=120)
    product = models.CharField(_("product"), max_length=8)
    sector = models.CharField(_("capital sector"), max_length=20)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    term_months = models.PositiveSmallIntegerField(_("term"))
    secured = models.BooleanField(_("secured"))
    purpose = models.TextField(_("purpose"), max_length=2000, blank=True)
    total_investment = models.DecimalField(
        _("total investment"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    capital = models.DecimalField(_("project capital"), max_digits=18, decimal_places=2, null=True, blank=True)
    # All may be null: the digest of a decided deal leaves out what is empty, so older digests still hold.
    # Parts of `capital`; the rest of it is cash. Rules 1.8: what counts, and how much of each.
    capital_know_how = models.DecimalField(
        _("of which industrial property and know-how"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    capital_instruments = models.DecimalField(
        _("of which equity-type instruments"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    capital_not_counted = models.DecimalField(
        _("of which shareholder loans and funds to be repaid"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    other_sources = models.DecimalField(
        _("other sources of funds"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    short_board_points = models.DecimalField(
        _("reduction for short-board infrastructure"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    short_board_reason = models.CharField(_("reason for the reduction"), max_length=500, null=True, blank=True)  # noqa: DJ001
    approval_kind = models.CharField(  # noqa: DJ001
        _("kind of project approval"), max_length=12, choices=ApprovalKind.choices, null=True, blank=True
    )
    approval_no = models.CharField(_("approval number"), max_length=60, null=True, blank=True)  # noqa: DJ001
    approval_date = models.DateField(_("approval date"), null=True, blank=True)
    rate_kind = models.CharField(_("interest rate"), max_length=8, choices=RateKind.choices, null=True, blank=True)  # noqa: DJ001
    rate_spread_bp = models.SmallIntegerField(_("spread"), null=True, blank=True)
    rate_fixed = models.DecimalField(_("fixed rate"), max_digits=6, decimal_places=4, null=True, blank=True)
    repayment = models.CharField(_("repayment"), max_length=16, choices=Repayment.choices, null=True, blank=True)  # noqa: DJ001
    security_kinds = ArrayField(
        models.CharField(max_length=14, choices=SecurityKind.choices),
        verbose_name=_("kinds of security"),
        null=True,
        blank=True,
    )
    is_fully_margined = models.BooleanField(_("covered by cash margin in full"), null=True, blank=True)
    draw_months = models.PositiveSmallIntegerField(_("draw-down period"), null=True, blank=True)
    validity_months = models.PositiveSmallIntegerField(_("validity of the approval"), null=True, blank=True)
    term_reason = models.CharField(_("reason for the longer term"), max_length=500, null=True, blank=True)  # noqa: DJ001
    sector_reason = models.CharField(  # noqa: DJ001
        _("reason for a sector outside the client's industry"), max_length=500, null=True, blank=True
    )

    # Who kept the client, and where, when the deal was filed: history. Whose deal it is now, the client says.
    owner = models.ForeignKey(
        "kernel.Person", models.PROTECT, related_name="owned_projects", verbose_name=_("account manager")
    )
    department = models.ForeignKey(
        "kernel.Department", models.PROTECT, related_name="projects", verbose_name=_("department")
    )

    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    locked_by_review = models.CharField(_("locked by review"), max_length=20, blank=True, default="")
    # Written by the review, for lists and the board: where the open round stands and whose move it is.
    review_stage = models.CharField(_("review stage"), max_length=10, choices=Stage.choices, blank=True, default="")
    waiting_for = ArrayField(models.CharField(max_length=60), verbose_name=_("waiting for"), blank=True, default=list)
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    approved_amount = models.DecimalField(_("approved amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    approved_term_months = models.PositiveSmallIntegerField(_("approved term"), null=True, blank=True)
    approved_draw_months = models.PositiveSmallIntegerField(_("approved draw-down period"), null=True, blank=True)
    valid_until = models.DateField(_("approval valid until"), null=True, blank=True)
    contracted_on = models.DateField(_("signed contract filed on"), null=True, blank=True)
    lapsed_on = models.DateField(_("lapsed on"), null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    terms_version = models.PositiveSmallIntegerField(_("version of the terms"), null=True, blank=True)  # see 0076

    created_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("created by"))
    created_at = models.DateTimeField(_("created at"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("changed at"), default=clock.now, editable=False)
    grams = models.GeneratedField(
        expression=Bigrams(Identifying("name")), output_field=ArrayField(models.TextField()), db_persist=True
    )
    name_pinyin = PinyinField(max_length=720)
    sounds = models.GeneratedField(
        expression=SoundPieces("name_pinyin"), output_field=ArrayField(models.TextField()), db_persist=True
    )

    objects = AccessManager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-id"]
        indexes = [
            GinIndex(fields=["grams"], name="projects_project_grams"),
            GinIndex(fields=["sounds"], name="projects_project_sounds"),
            models.Index(fields=["status", "due_on"], name="projects_project_status"),
            models.Index(fields=["amount", "id"], name="projects_project_amount"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="projects_project_amount_positive"),
            models.CheckConstraint(
                condition=Q(total_investment__isnull=True) | Q(total_investment__gte=0),
                name="projects_project_investment_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(capital__isnull=True) | Q(capital__gte=0), name="projects_project_capital_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(capital__isnull=True)
                | Q(total_investment__isnull=True)
                | Q(capital__lte=F("total_investment")),
                name="projects_project_capital_within_investment",
            ),
            models.CheckConstraint(condition=Q(term_months__gte=1), name="projects_project_term_positive"),
            models.CheckConstraint(
                condition=~Q(capital_know_how__lt=0) & ~Q(capital_instruments__lt=0) & ~Q(capital_not_counted__lt=0),
                name="projects_project_capital_parts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    capital__gte=Coalesce("capital_know_how", Decimal(0))
                    + Coalesce("capital_instruments", Decimal(0))
                    + Coalesce("capital_not_counted", Decimal(0))
                )
                | Q(capital_know_how__isnull=True, capital_instruments__isnull=True, capital_not_counted__isnull=True),
                name="projects_project_capital_parts_within",
            ),
            models.CheckConstraint(
                condition=Q(other_sources__isnull=True) | Q(other_sources__gte=0),
                name="projects_project_other_sources_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(short_board_points__isnull=True) | Q(short_board_points__gt=0, short_board_points__lte=5),
                name="projects_project_short_board_within",
            ),
            models.CheckConstraint(
                condition=Q(rate_kind__isnull=True, rate_spread_bp__isnull=True, rate_fixed__isnull=True)
                | Q(rate_kind="fixed", rate_fixed__isnull=False, rate_spread_bp__isnull=True)
                | Q(rate_kind__in=["lpr_1y", "lpr_5y"], rate_fixed__isnull=True, rate_spread_bp__isnull=False),
                name="projects_project_rate_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(is_fully_margined=True) | Q(secured=True), name="projects_project_margin_is_security"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["draft", "in_review", "returned", "approved", "rejected", "withdrawn", "lapsed"]
                ),
                name="projects_project_status_known",
            ),
            *APPROVAL_CONSTRAINTS,
            models.CheckConstraint(
                condition=(Q(status="in_review") & ~Q(locked_by_review="") & ~Q(review_stage=""))
                | (~Q(status="in_review") & Q(locked_by_review="", review_stage="")),
                name="projects_project_in_review_is_locked",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["approved", "rejected", "lapsed"], decided_on__isnull=False)
                | (~Q(status__in=["approved", "rejected", "lapsed"]) & Q(decided_on__isnull=True)),
                name="projects_project_decided_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:project_detail", args=[self.pk])

    @property
    def state_word(self) -> Any:
        """What the badge says: under review the stage, else the status."""
        return self.get_review_stage_display() if self.review_stage else self.get_status_display()

    @property
    def next_move(self) -> list[str]:
        """Whose move it is, by name: after a return whoever keeps the client by now, else as the review wrote it."""
        return [self.client.owner.name] if self.status == self.Status.RETURNED else self.waiting_for

    @property
    def is_locked(self) -> bool:
        """Whether a review holds the deal: only its return or withdrawal frees it."""
        return bool(self.locked_by_review)

    @property
    def is_decided(self) -> bool:
        """Whether the deal was approved or rejected: what was decided is not rewritten."""
        return self.status in (self.Status.APPROVED, self.Status.REJECTED)

    @property
    def takes_documents(self) -> bool:
        """Whether a document may be added: a signed contract after an approval, new facts after a rejection."""
        return self.is_open_for_change or self.is_decided

    @property
    def is_binding(self) -> bool:
        """Whether an approval stands."""
        return self.status == self.Status.APPROVED

    @property
    def is_open_for_change(self) -> bool:
        """Whether content, investigators and documents may change at all."""
        return not (self.is_locked or self.is_decided)


class Investigator(models.Model):
    """One of the two people who look into the deal (双人调查): lead and assistant are different people."""

    class Part(models.TextChoices):
        LEAD = "lead", _("Lead investigator")
        ASSISTANT = "assistant", _("Assistant investigator")

    project = models.ForeignKey(Project, models.PROTECT, related_name="investigators", verbose_name=_("project"))
    person = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    part = models.CharField(_("part"), max_length=10, choices=Part.choices)

    class Meta:
        verbose_name = _("investigator")
        verbose_name_plural = _("investigators")
        ordering = ["-part"]
        constraints = [
            models.UniqueConstraint(fields=["project", "part"], name="projects_investigator_one_per_part"),
            models.UniqueConstraint(fields=["project", "person"], name="projects_investigator_two_people"),
            models.CheckConstraint(
                condition=Q(part__in=["lead", "assistant"]), name="projects_investigator_part_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.person}"


class ProjectEditor(models.Model):
    """Whoever once wrote to the deal or investigated it: a maker in every review of it. Rows are only ever added."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="editors", verbose_name=_("project"))
    person = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    since = models.DateTimeField(_("since"), default=clock.now)

    class Meta:
        verbose_name = _("project editor")
        verbose_name_plural = _("project editors")
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "person"], name="projects_projecteditor_once")]

    def __str__(self) -> str:
        return str(self.person)


class ProjectDocument(KeptWords):
    """A file that supports the deal. Never deleted, its file never exchanged: a new version is a new row."""

    KEEPS = ("added_by", "removed_by")

    class Kind(models.TextChoices):
        APPLICATION = "application", _("Application")
        INVESTIGATION = "investigation", _("Due-diligence report")
        FEASIBILITY = "feasibility", _("Feasibility study")
        APPROVAL = "approval", _("Official approval or permit")
        CAPITAL = "capital", _("Proof of capital")
        STATEMENTS = "statements", _("Financial statements")
        SECURITY = "security", _("Security document")
        CONTRACT = "contract", _("Contract")
        AMENDMENT = "amendment", _("Paper of a requested change")
        OTHER = "other", _("Other")

    project = models.ForeignKey(Project, models.PROTECT, related_name="documents", verbose_name=_("project"))
    kind = models.CharField(_("kind of document"), max_length=16, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=120)
    file = models.ForeignKey("kernel.StoredFile", models.PROTECT, related_name="+", verbose_name=_("file"))
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    added_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"), default=clock.now)
    removed_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("removed by")
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("project document")
        verbose_name_plural = _("project documents")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_by__isnull=True, removed_at__isnull=True)
                | Q(removed_by__isnull=False, removed_at__isnull=False),
                name="projects_projectdocument_removed_pair",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[
                        "application", "investigation", "feasibility", "approval", "capital",
                        "statements", "security", "contract", "amendment", "other",
                ]),
                name="projects_projectdocument_kind_known",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:document_download", args=[self.pk])

    @property
    def kilobytes(self) -> Decimal:
        """The file's size in kB (1,000 bytes), never shown as nothing."""
        return max(Decimal(self.file.size) / 1000, Decimal("0.1"))

    @property
    def is_removed(self) -> bool:
        """Whether it no longer belongs to the deal (it stays readable as history)."""
        return self.removed_at is not None


class ProjectGrant(AbstractGrant):
    """An exception on top of the scope of projects: a reviewer of a case, a back office, a cover during leave."""

    content_object: Any = models.ForeignKey(Project, models.CASCADE)

    class Meta(AbstractGrant.Meta):
        verbose_name = _("project grant")
        verbose_name_plural = _("project grants")
