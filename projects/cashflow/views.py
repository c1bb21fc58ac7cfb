"""The pages of cash-flow models: list, a new version, its figures, its result, the second person's word, the panel."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.kernel.web.fragments import KernelPanelView
from crm.kernel.web.views import KernelActionView, KernelListView
from crm.kernel.workdays import clock
from projects.cashflow import selectors, services, shown
from projects.cashflow.filters import CashflowFilter
from projects.cashflow.forms import (
    FactsForm,
    GridForm,
    NothingForm,
    ReasonForm,
    VerdictForm,
    judge,
    tranche_rows,
)
from projects.cashflow.models import CashflowModel
from projects.cashflow.policies import CONFIRM, EDIT
from projects.cashflow.rules.stress import reverse_stress, run_tornado
from projects.cashflow.rules.typed import FACTS, YES
from projects.cashflow.tables import CashflowTable
from projects.cashflow.texts import SCENARIOS
from projects.deals.models import Project
from projects.deals.policies import CHANGE

MENU = "cashflow"
TITLE = _("Cash-flow models")
CRUMB = (TITLE, reverse_lazy("projects:cashflow_list"))
HALVES = ("revenue_type", "contracted_share", "starts_on", "ppy", "construction", "operation")
# The groups of general assumptions on the entry page.
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Version and periods"), (*HALVES, "note")),
    (
        _("Construction and debt"),
        ("gearing", "idc_method", "idc_paid_by", "upfront_fee", "commitment_fee", "facility", "target_dscr"),
    ),
    (
        _("Operation and tax"),
        ("cash_mode", "tax_mode", "tax_rates", "loss_years", "life_years", "residual", "residual_recovered"),
    ),
    (
        _("Requirements and reserves"),
        ("hurdle", "npv_rate", "reserve_months", "reserve_opening", "sweep", "life_fixed_end", "shift_maturity"),
    ),
)
TYPE_OF = {"urban_rail": "transport", "port_shipping": "transport", "other_infra": "utility"}


class CashflowList(KernelListView):
    """Versions of the projects one may see."""

    model = CashflowModel
    menu = MENU
    title = TITLE
    noun = _("cash-flow models")
    selector = staticmethod(selectors.cashflow_list)
    filterset_class = CashflowFilter
    table_class = CashflowTable
    search_label = _("Project or client")
    empty_title = _("No cash-flow models yet")
    empty_text = _("The cash-flow model of a project is entered on the project's page.")


class CashflowCreate(KernelActionView):
    """A new version of a project: revenue type and periods; its figures follow."""

    model = Project
    action = CHANGE
    form_class = FactsForm
    menu = MENU
    title = _("New cash-flow model")
    submit_label = _("Continue with the figures")
    layout = dict.fromkeys(HALVES, "half")

    def get_crumbs(self) -> Any:
        return (CRUMB, (self.object.name, self.object.get_absolute_url()))

    def get_initial(self) -> dict[str, Any]:
        project = self.object
        kind = TYPE_OF.get(project.sector, "manufacturing" if project.product == "P15" else "fallback")
        years = max(project.term_months // 12 + 2, 5)
        return {
            "revenue_type": kind,
            "starts_on": clock.today().replace(month=1, day=1),
            "ppy": 1,
            "construction": 2,
            "operation": years,
        }

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{**extra, "version": None})

    def perform(self, form: FactsForm) -> CashflowModel:
        return services.cashflow_create(project=self.object, by=self.person, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("projects:cashflow_edit", args=[self.result.pk])


class _CashflowPage(KernelActionView):
    """What the pages about one version share."""

    model = CashflowModel
    menu = MENU
    title = TITLE
    crumbs = (CRUMB,)

    def get_rows(self) -> QuerySet[CashflowModel]:
        return selectors.cashflow_list(viewer=self.person)

    def get_object(self, queryset: Any = None) -> CashflowModel:
        return self.ask_object(self.get_rows())

    @cached_property
    def is_free(self) -> bool:
        """Whether no review holds the project."""
        return services.refuse_held(self.object.project) is None


class CashflowDetail(_CashflowPage):
    """The verdict in words, the chart, the key figures, stress, the table; beside them the second person's word."""

    action = "view"
    also_asked = (CONFIRM, EDIT)
    form_class = VerdictForm
    template_name = "projects/cashflow/detail.html"
    submit_label = _("Submit my opinion")

    def get_title(self) -> Any:
        return self.object.project.name

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        row = self.object
        assert self.permit is not None
        is_open, may_edit = row.state in CashflowModel.OPEN, self.is_free and bool(self.permit.may(EDIT))
        told = {
            "row": row,
            "problems": shown.list_problems(row),
            "versions": list(selectors.versions_of(row.project)),
            "sees_project": Project.objects.visible_to(self.person).filter(pk=row.project_id).exists(),
            "verdict": self.permit.may(CONFIRM) if row.state == CashflowModel.State.CHECKED and self.is_free else None,
            "may_edit": is_open and may_edit,
            "may_check": row.state == CashflowModel.State.DRAFT and may_edit and not row.problems,
            "may_copy": row.state == CashflowModel.State.CONFIRMED and may_edit,
            **self.draw_result(),
        }
        return super().get_context_data(**{**extra, **told})

    def draw_result(self) -> dict[str, Any]:
        """What follows from a computed version."""
        row = self.object
        drawn = selectors.draw_again(row)
        if drawn is None:
            return {}
        base, stresses = drawn
        chosen = self.request.GET.get("scenario", "S6")
        other = next((one for one in stresses if one.scenario.code == chosen), None)
        outcome = other.outcome if other is not None and other.outcome is not None else None
        in_table = outcome if outcome is not None and self.request.GET.get("table") == chosen else base
        is_open = base.minimum.value is not None
        return {
            "conclusion": shown.word_verdict(row),
            "notes": shown.draw_notes(row),
            "tests": shown.draw_tests(row),
            "figures": shown.draw_figures(row),
            "chart": shown.draw_chart(row, base, other) if is_open else None,
            "chosen": "" if other is None else chosen,
            "scenarios": [(one.scenario.code, SCENARIOS[one.scenario.code]) for one in stresses],
            "table": shown.draw_table(row, in_table, base),
            "stress": shown.draw_stress(row) if is_open else [],
            "fall": shown.word_fall(row),
            "tornado": shown.draw_tornado(run_tornado(base), reverse_stress(base)) if is_open else None,
        }

    def perform(self, form: VerdictForm) -> CashflowModel:
        given = form.cleaned_data
        return judge(self.object, given["verdict"], given["reason"], self.expected_version, self.person)

    def get_success_message(self, cleaned_data: Any) -> Any:
        if self.result.state == CashflowModel.State.CONFIRMED:
            return _("The cash-flow model is confirmed.")
        return _("The cash-flow model is returned.")


class CashflowEdit(_CashflowPage):
    """The entry page: assumptions, loans, and the grid of figures by period."""

    action = EDIT
    form_class = GridForm
    template_name = "projects/cashflow/grid.html"
    title = _("Enter the figures")
    submit_label = _("Save and compute")

    def get_initial(self) -> dict[str, Any]:
        row = self.object
        facts = row.inputs.get("facts", {})
        typed = {
            fact.code: facts.get(fact.code) == YES if fact.shape == "flag" else facts.get(fact.code, fact.default)
            for fact in FACTS
        }
        return {**{name: getattr(row, name) for name in CashflowModel.FACTS}, **typed}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        found = super().get_context_data(**extra)
        form, row = found["form"], self.object
        texts = form.typed() if form.is_bound else row.inputs
        wrong = {} if form.is_bound else shown.wrong_places(row)
        groups = [(title, [(form[name], wrong.get(name, "")) for name in names]) for title, names in GROUPS]
        told = {
            "row": row,
            "groups": groups,
            "tranches": tranche_rows(texts, wrong),
            "grids": shown.draw_grid(row, texts, wrong),
            "problems": [] if form.is_bound else shown.list_problems(row),
            "wide": ("note", "tax_rates", "residual_recovered", "life_fixed_end", "shift_maturity"),
        }
        return {**found, **told}

    def perform(self, form: GridForm) -> CashflowModel:
        return services.cashflow_save(
            model=self.object,
            inputs=form.typed(),
            facts={name: form.cleaned_data[name] for name in CashflowModel.FACTS},
            expected_version=self.expected_version,
            by=self.person,
        )

    def get_success_url(self) -> str:
        # A draft with problems is mended where it was typed.
        return reverse(f"projects:cashflow_{'edit' if self.result.problems else 'detail'}", args=[self.result.pk])

    def get_success_message(self, cleaned_data: Any) -> Any:
        if self.result.problems:
            return _("The draft is saved; what is named above must be mended before it can be computed.")
        return _("The model is saved and computed.")


class CashflowCheck(_CashflowPage):
    """Submit a draft for confirmation."""

    action = EDIT
    form_class = NothingForm
    title = _("Submit for confirmation")
    submit_label = _("Submit for confirmation")
    success_message = _("The cash-flow model is submitted; a second person must confirm it.")
    consequence = _("Once confirmed, this version stays as it is; a change needs a new version.")

    def perform(self, form: NothingForm) -> CashflowModel:
        return services.cashflow_check(model=self.object, expected_version=self.expected_version, by=self.person)


class CashflowCopy(_CashflowPage):
    """Start a new version with the inputs of this one."""

    action = EDIT
    form_class = NothingForm
    title = _("New version of the cash-flow model")
    submit_label = _("Start the new version")
    consequence = _("The confirmed version counts until a second person has confirmed the new one.")

    def perform(self, form: NothingForm) -> CashflowModel:
        return services.cashflow_copy(model=self.object, expected_version=self.expected_version, by=self.person)

    def get_success_url(self) -> str:
        return reverse("projects:cashflow_edit", args=[self.result.pk])


class CashflowDiscard(_CashflowPage):
    """Give up a version that nobody has confirmed."""

    action = EDIT
    form_class = ReasonForm
    title = _("Discard the cash-flow model")
    submit_label = _("Discard")
    success_message = _("The version is discarded.")

    def perform(self, form: ReasonForm) -> CashflowModel:
        return services.cashflow_discard(
            model=self.object, expected_version=self.expected_version, by=self.person, **form.cleaned_data
        )


class CashflowPanel(KernelPanelView):
    """On the project's page: the version that counts with its verdict, and the open one."""

    model = Project
    template_name = "projects/cashflow/_panel.html"
    list_url_name = "projects:cashflow_list"
    list_filter = "project"
    also_asked = (CHANGE,)
    query_budget = 4

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        project = self.object
        assert self.permit is not None
        rows = [row for row in selectors.versions_of(project)[:12] if row.state != CashflowModel.State.VOID]
        confirmed = next((row for row in rows if row.state == CashflowModel.State.CONFIRMED), None)
        current = confirmed or next(iter(rows), None)
        is_open = any(row.state in CashflowModel.OPEN for row in rows)
        told = {
            "project": project,
            "current": current,
            "conclusion": shown.word_verdict(current) if current is not None and current.result else "",
            "versions": [row for row in rows if row is not current][:4],
            "may_enter": not rows and bool(self.permit.may(CHANGE)) and services.refuse_held(project) is None,
            "is_open": is_open,
        }
        return super().get_context_data(**told, **extra)
