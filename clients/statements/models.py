"""Financial statements of clients: one set is one document of one reporter, with its lines (rules-2 2.1)."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.statements.rules.lines import CLOSING, COMPARATIVE, OPENING, YTD
from clients.statements.rules.units import smallest_place
from crm.kernel.access.kept_words import KeptWords
from crm.kernel.access.models import VersionedModel
from crm.kernel.access.querysets import AccessManager
from crm.kernel.workdays import clock


class Statement(KeptWords, VersionedModel):
    """A statement set: entered and checked by who works on the client, confirmed by another person.

    Confirmed figures stay: a correction is a new set that takes the place of the old one when it is confirmed. Only
    confirmed sets feed ratings, indicators and limits. The database keeps both.
    """

    KEEPS = ("made_by", "checked_by", "confirmed_by")

    class Scope(models.TextChoices):
        CONSOLIDATED = "consolidated", _("Consolidated")
        PARENT = "parent", _("Parent company")

    class Layout(models.TextChoices):
        CAS2019 = "cas2019", _("General enterprise (2019)")
        SMALL = "small", _("Small enterprise")

    class Opinion(models.TextChoices):
        NONE = "none", _("Not audited")
        UNQUALIFIED = "unqualified", _("Unqualified")
        EMPHASIS = "emphasis", _("Unqualified with emphasis of matter")
        QUALIFIED = "qualified", _("Qualified")
        ADVERSE = "adverse", _("Adverse")
        DISCLAIMER = "disclaimer", _("Disclaimer")

    class Unit(models.TextChoices):
        YUAN = "yuan", _("yuan")
        THOUSAND = "thousand", _("thousand yuan")
        WAN = "wan", _("10 thousand yuan")
        MILLION = "million", _("million yuan")
        YI = "yi", _("100 million yuan")

    class Source(models.TextChoices):
        MANUAL = "manual", _("Entered by hand")
        IMPORT = "import", _("Read from a file")
        TAX = "tax", _("Tax filing")
        PORTAL = "portal", _("Sent by the client")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("statement", "Draft")
        CHECKED = "checked", _("Waiting for confirmation")
        CONFIRMED = "confirmed", pgettext_lazy("statement", "Confirmed")
        SUPERSEDED = "superseded", pgettext_lazy("statement", "Superseded")
        VOID = "void", pgettext_lazy("statement", "Void")

    OPEN = (State.DRAFT, State.CHECKED)
    # What is said about a set, in the order of form and page.
    FACTS = (
        "scope",
        "layout",
        "period_end",
        "months",
        "currency",
        "unit",
        "decimals",
        "opinion",
        "auditor",
        "report_no",
        "report_on",
        "source",
        "received_on",
    )

    client = models.ForeignKey(
        "clients.Client", models.PROTECT, related_name="statements", db_index=False, verbose_name=_("client")
    )
    scope = models.CharField(pgettext_lazy("statement", "scope"), max_length=12, choices=Scope.choices)
    layout = models.CharField(_("layout"), max_length=8, choices=Layout.choices, default=Layout.CAS2019)
    period_end = models.DateField(_("period end"))
    months = models.PositiveSmallIntegerField(_("months of the year"))
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    unit = models.CharField(_("unit of the source"), max_length=8, choices=Unit.choices)
    decimals = models.PositiveSmallIntegerField(_("decimals of the source"), default=2)
    opinion = models.CharField(_("audit opinion"), max_length=12, choices=Opinion.choices, default=Opinion.NONE)
    auditor = models.CharField(_("auditor"), max_length=120, blank=True)
    report_no = models.CharField(_("number of the audit report"), max_length=60, blank=True)
    report_on = models.DateField(_("date of the audit report"), null=True, blank=True)
    source = models.CharField(pgettext_lazy("statement", "source"), max_length=8, choices=Source.choices)
    received_on = models.DateField(_("received on"))
    paper = models.ForeignKey(
        "kernel.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source paper")
    )
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("corrects")
    )
    reason = models.CharField(_("reason for the correction"), max_length=500, blank=True)

    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered at"), default=clock.now)
    # Keys of all people who saved figures: none of them is the second person.
    editors = ArrayField(
        models.BigIntegerField(), verbose_name=_("people who edited"), default=list, db_default=[], editable=False
    )
    checked_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    objects = AccessManager()

    class Meta:
        verbose_name = _("financial statements")
        verbose_name_plural = _("financial statements")
        ordering = ["-period_end", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "scope", "period_end"],
                condition=Q(state="confirmed"),
                name="clients_statement_confirmed_once",
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=Q(state__in=["draft", "checked"]),
                name="clients_statement_one_open_correction",
            ),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=12, period_end__month=F("months")),
                name="clients_statement_flows_from_january",
            ),
            models.CheckConstraint(condition=Q(decimals__lte=4), name="clients_statement_decimals_few"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=F("made_by")) & ~Q(confirmed_by=F("checked_by"))),
                name="clients_statement_two_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(editors__contains=[F("confirmed_by")]),
                name="clients_statement_not_by_an_editor",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", checked_by__isnull=True, confirmed_by__isnull=True)
                | Q(state="checked", checked_by__isnull=False, checked_at__isnull=False, confirmed_by__isnull=True)
                | Q(
                    state__in=["confirmed", "superseded"],
                    checked_by__isnull=False,
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                )
                | (Q(state="void") & ~Q(reason="")),
                name="clients_statement_state_has_its_people",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""), name="clients_statement_corrected_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-period_end", "-id"], name="clients_statement_of_client"),
            models.Index(fields=["-period_end", "-id"], name="clients_statement_by_period"),
        ]

    def __str__(self) -> str:
        return f"{self.period_end} · {self.get_scope_display()}"

    def get_absolute_url(self) -> str:
        return reverse("clients:statement_detail", args=[self.pk])

    @property
    def title(self) -> str:
        """What the list calls it: its day and scope."""
        return str(self)

    @property
    def ulp(self) -> Decimal:
        """The smallest decimal place of the source in yuan."""
        return smallest_place(self.unit, self.decimals)

    @property
    def is_audited(self) -> bool:
        """Whether an auditor has given an opinion."""
        return self.opinion != self.Opinion.NONE


class StatementLine(models.Model):
    """One figure of a set, in yuan: a code of the line list in one column. Only a draft's lines change."""

    class Column(models.TextChoices):
        CLOSING = CLOSING, _("Closing balance")
        OPENING = OPENING, _("Opening balance")
        YTD = YTD, _("Year to date")
        COMPARATIVE = COMPARATIVE, _("Same period of last year")

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="lines", db_index=False, verbose_name=_("financial statements")
    )
    code = models.CharField(_("line"), max_length=4)
    column = models.CharField(_("column"), max_length=11, choices=Column.choices)
    value = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)

    objects = AccessManager()

    class Meta:
        verbose_name = _("line of financial statements")
        verbose_name_plural = _("lines of financial statements")
        ordering = ["statement", "code", "column"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "code", "column"], name="clients_statementline_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.value}"


class StatementReason(KeptWords):
    """Why a warning of a set is right as it is: one for each, by the key of the finding."""

    KEEPS = ("given_by",)

    class Kind(models.TextChoices):
        RESTATEMENT = "restatement", _("Retrospective adjustment")
        ERROR = "error", _("Correction of an error")
        EQUIVALENTS = "equivalents", _("Cash equivalents outside of cash")
        SOURCE = "source", _("So printed in the audited report")
        OTHER = "other", pgettext_lazy("statement reason", "Other")

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="reasons", db_index=False, verbose_name=_("financial statements")
    )
    key = models.CharField(_("warning"), max_length=20)
    kind = models.CharField(_("kind of reason"), max_length=12, choices=Kind.choices)
    text = models.CharField(_("reason"), max_length=500)
    given_by = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+", verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given at"), default=clock.now)

    objects: Any = AccessManager()

    class Meta:
        verbose_name = _("reason for a warning")
        verbose_name_plural = _("reasons for warnings")
        ordering = ["statement", "key"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "key"], name="clients_statementreason_once"),
            models.CheckConstraint(condition=~Q(text=""), name="clients_statementreason_has_text"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
