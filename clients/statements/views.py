"""The pages of financial statements: list, a new set, its figures, its check, its reading, the client's panel."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import CHANGE
from clients.statements import key_figures, selectors, services, shown
from clients.statements.filters import StatementFilter
from clients.statements.forms import CheckForm, GridForm, ReasonForm, StatementForm, VerdictForm, judge
from clients.statements.models import Statement
from clients.statements.policies import CONFIRM, EDIT
from clients.statements.rules.formulas import BY_CODE as RATIO_OF
from clients.statements.rules.identities import Finding, lacks_reason
from clients.statements.rules.periods import last_year_end
from clients.statements.tables import StatementTable
from crm.kernel.attachments.views import KernelFileView
from crm.kernel.web.fragments import KernelPanelView
from crm.kernel.web.views import KernelActionView, KernelListView
from crm.kernel.workdays import clock

MENU = "statements"
TITLE = _("Financial statements")
CRUMB = (TITLE, reverse_lazy("clients:statement_list"))


class StatementList(KernelListView):
    """Statement sets of the clients one may see."""

    model = Statement
    menu = MENU
    title = TITLE
    noun = _("financial statements")
    selector = staticmethod(selectors.statement_list)
    filterset_class = StatementFilter
    table_class = StatementTable
    search_label = _("Client's name or code")
    empty_title = _("No financial statements yet")
    empty_text = _(
        "Statements are entered on the client's page; once a second person confirms them, they feed ratings, "
        "indicators and limits."
    )


class StatementCreate(KernelActionView):
    """A new set of a client: period, scope, unit, audit; its figures follow."""

    model = Client
    action = CHANGE
    form_class = StatementForm
    menu = MENU
    title = _("Enter financial statements")
    submit_label = _("Continue with the figures")
    layout = {
        "period_end": "half",
        "months": "half",
        "scope": "half",
        "layout": "half",
        "unit": "half",
        "source": "half",
        "received_on": "half",
        "opinion": "half",
        "auditor": "half",
        "report_no": "half",
        "report_on": "half",
    }

    def get_crumbs(self) -> Any:
        client = self.object
        return ((_("Clients"), reverse("clients:client_list")), (client.name, client.get_absolute_url()))

    def get_initial(self) -> dict[str, Any]:
        today = clock.today()
        return {"received_on": today, "period_end": last_year_end(today), "scope": "parent"}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{**extra, "version": None})

    def perform(self, form: StatementForm) -> Statement:
        return services.statement_create(client=self.object, by=self.person, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("clients:statement_edit", args=[self.result.pk])


class _StatementPage(KernelActionView):
    """What the pages about one set share."""

    model = Statement
    menu = MENU
    title = TITLE
    crumbs = (CRUMB,)

    def get_rows(self) -> QuerySet[Statement]:
        return selectors.statement_list(viewer=self.person)

    def get_object(self, queryset: Any = None) -> Statement:
        return self.ask_object(self.get_rows())

    @cached_property
    def columns(self) -> selectors.Columns:
        """The figures of the set, read once."""
        return selectors.read_columns([self.object.pk]).get(self.object.pk, {})

    @cached_property
    def findings(self) -> list[Finding]:
        """What the check finds, read once."""
        return selectors.find_problems(self.object, self.columns) if any(self.columns.values()) else []


class StatementDetail(_StatementPage):
    """The three statements as printed, what their check finds, the versions; beside them the second person's word."""

    action = "view"
    also_asked = (CONFIRM, EDIT)
    form_class = VerdictForm
    template_name = "clients/statements/detail.html"
    submit_label = _("Submit my opinion")

    def get_title(self) -> Any:
        return str(self.object)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        statement = self.object
        assert self.permit is not None
        is_open, may_edit = statement.state in Statement.OPEN, bool(self.permit.may(EDIT))
        shown_data = {
            "statement": statement,
            "forms": [form for form in shown.draw_forms(statement, self.columns) if form["filled"]],
            "findings": shown.draw_findings(self.findings, statement.reasons.all(), statement.layout),
            "versions": list(selectors.versions_of(statement)),
            "verdict": self.permit.may(CONFIRM) if statement.state == Statement.State.CHECKED else None,
            "may_edit": is_open and may_edit,
            "may_check": statement.state == Statement.State.DRAFT and may_edit and any(self.columns.values()),
            "may_correct": statement.state == Statement.State.CONFIRMED and may_edit,
            "may_void": statement.state == Statement.State.CONFIRMED and bool(self.permit.may(CONFIRM)),
        }
        return super().get_context_data(**{**extra, **shown_data})

    def perform(self, form: VerdictForm) -> Statement:
        given = form.cleaned_data
        return judge(self.object, given["verdict"], given["reason"], self.expected_version, self.person)

    def get_success_message(self, cleaned_data: Any) -> Any:
        if self.result.state == Statement.State.CONFIRMED:
            return _("The financial statements are confirmed.")
        return _("The financial statements are returned.")


class StatementEdit(_StatementPage):
    """The entry grid: figures as printed, totals computed while one types."""

    action = EDIT
    form_class = GridForm
    template_name = "clients/statements/grid.html"
    title = _("Enter the figures")
    submit_label = _("Save the figures")
    success_message = _("The figures are saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "layout": self.object.layout}

    def get_initial(self) -> dict[str, Any]:
        return {"unit": self.object.unit}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        found = super().get_context_data(**extra)
        form = found["form"]
        typed = form.typed() if form.is_bound else None
        forms = shown.draw_forms(self.object, {} if typed is not None else self.columns, typed=typed)
        return {**found, "forms": forms, "wrong": form.wrong, "statement": self.object}

    def perform(self, form: GridForm) -> Statement:
        given = form.cleaned_data
        return services.statement_save(
            statement=self.object,
            figures=given["figures"],
            facts={"unit": given["unit"], "decimals": given["decimals"]},
            unit_is_sure=given["unit_is_sure"],
            expected_version=self.expected_version,
            by=self.person,
        )


class StatementCheck(_StatementPage):
    """Submit a draft for confirmation, with a reason for each warning."""

    action = EDIT
    form_class = CheckForm
    title = _("Check and submit")
    submit_label = _("Submit for confirmation")
    success_message = _("The financial statements are submitted; a second person must confirm them.")
    consequence = _("From now on the figures stay as they are unless you open them again.")

    def get_form_kwargs(self) -> dict[str, Any]:
        told = self.object.reasons.values_list("key", flat=True)
        lacking = lacks_reason(self.findings, told)
        labels = {finding.key: shown.finding_label(finding, self.object.layout) for finding in lacking}
        return {**super().get_form_kwargs(), "findings": lacking, "labels": labels}

    def perform(self, form: CheckForm) -> Statement:
        return services.statement_check(
            statement=self.object, reasons=form.reasons, expected_version=self.expected_version, by=self.person
        )


class StatementCorrect(_StatementPage):
    """Start a correction of a confirmed set."""

    action = EDIT
    form_class = ReasonForm
    title = _("Correct the financial statements")
    submit_label = _("Start the correction")
    consequence = _("The confirmed figures count until a second person has confirmed the correction.")

    def perform(self, form: ReasonForm) -> Statement:
        return services.statement_correct(
            statement=self.object, expected_version=self.expected_version, by=self.person, **form.cleaned_data
        )

    def get_success_url(self) -> str:
        return reverse("clients:statement_edit", args=[self.result.pk])


class StatementDiscard(_StatementPage):
    """Give up a set that nobody has confirmed."""

    action = EDIT
    form_class = ReasonForm
    title = _("Discard the financial statements")
    submit_label = _("Discard")
    success_message = _("The financial statements are void.")

    def perform(self, form: ReasonForm) -> Statement:
        return services.statement_void(
            statement=self.object, expected_version=self.expected_version, by=self.person, **form.cleaned_data
        )


class StatementVoid(StatementDiscard):
    """Declare a confirmed set void."""

    action = CONFIRM
    title = _("Declare the financial statements void")
    submit_label = _("Declare void")
    consequence = _("From now on these figures feed nothing.")


class StatementPaper(KernelFileView):
    """The source paper of a set."""

    model = Statement
    read_act = "statement.paper_downloaded"

    def get_object(self, queryset: Any = None) -> Statement:
        return self.ask_object(selectors.statement_list(viewer=self.person))


class ClientStatements(KernelPanelView):
    """On the client's page: the latest sets with their status."""

    model = Client
    template_name = "clients/statements/_panel.html"
    list_url_name = "clients:statement_list"
    list_filter = "client"
    also_asked = (CHANGE,)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        assert self.permit is not None
        rows = selectors.statement_list(viewer=self.person).filter(client=self.object)[:6]
        shown_data = {"statements": list(rows), "may_enter": bool(self.permit.may(CHANGE))}
        return super().get_context_data(**shown_data, **extra)


class ClientKeyFigures(KernelPanelView):
    """On the client's page: the ratios of the latest periods with their formulas."""

    model = Client
    template_name = "clients/statements/_key_figures.html"
    list_url_name = "clients:statement_list"
    list_filter = "client"
    query_budget = 5

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        read = key_figures.ratios_by_period(self.object, viewer=self.person, most=key_figures.CHART_PERIODS)
        periods = read[: key_figures.SHOWN_PERIODS]
        key, *families = key_figures.draw_tables(periods)
        chosen = self.request.GET.get("ratio", "")
        code = chosen if chosen in RATIO_OF else key_figures.KEY[0]
        shown_data = {
            "periods": periods,
            "key": [key],
            "families": families,
            "columns": len(periods) + 1,
            "chart": key_figures.draw_chart(read, code),
            "chosen": code,
            "choices": key_figures.ratio_choices(),
        }
        return super().get_context_data(**shown_data, **extra)
