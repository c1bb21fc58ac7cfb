"""The pages of repayment: the list of instalments, plan and repayments of a contract, and the panel of its balance."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.kernel.web.fragments import KernelPanelView
from crm.kernel.web.views import KernelActionView, KernelDetailView, KernelListView
from crm.kernel.workdays import clock
from projects.funding.models import Contract
from projects.funding.policies import BOOK, PLAN
from projects.funding.selectors import contract_list
from projects.servicing import selectors, services, shown
from projects.servicing.filters import InstalmentFilter
from projects.servicing.forms import PlanForm, PlanVerdictForm, RepaymentForm, ReverseForm, judge
from projects.servicing.models import Instalment, Repayment, RepaymentPart, RepaymentPlan
from projects.servicing.policies import CONFIRM, REVERSE
from projects.servicing.rules.ledger import Ledger
from projects.servicing.rules.terms import kinds_for
from projects.servicing.tables import InstalmentTable

MENU = "repayment"
TITLE = _("Repayment")
CRUMB = (TITLE, reverse_lazy("projects:instalment_list"))


def contract_crumbs(contract: Contract) -> tuple[Any, ...]:
    """The way to a page under a contract's repayment."""
    return (CRUMB, (contract.number, reverse("projects:servicing_detail", args=[contract.pk])))


class InstalmentList(KernelListView):
    """What is due when: instalments of all contracts one may see."""

    model = Instalment
    menu = MENU
    title = TITLE
    noun = _("instalments")
    selector = staticmethod(selectors.instalment_list)
    filterset_class = InstalmentFilter
    table_class = InstalmentTable
    search_label = _("Contract number or client")
    empty_title = _("No instalments")
    empty_text = _("Instalments appear once the repayment plan of a contract is confirmed.")


class _OfContract:
    """What the pages about one contract's repayment share."""

    model = Contract
    menu = MENU

    def get_object(self, queryset: Any = None) -> Contract:
        return self.ask_object(contract_list(viewer=self.person))  # type: ignore[attr-defined]

    def get_crumbs(self) -> Any:
        return contract_crumbs(self.object)  # type: ignore[attr-defined]


class ServicingDetail(_OfContract, KernelDetailView):
    """One contract: balance, plan against payments, instalments, repayments, versions of the plan."""

    also_asked = (PLAN, BOOK)
    template_name = "projects/servicing/servicing.html"

    def get_crumbs(self) -> Any:
        return (CRUMB,)

    def get_title(self) -> Any:
        return self.object.project.name

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        contract = self.object
        assert self.permit is not None
        rows = list(selectors.current_instalments(contract))
        repayments = list(selectors.repayment_list(viewer=self.person).filter(contract=contract))
        ledger = selectors.ledger_of(contract, rows, repayments)
        plans = list(contract.plans.order_by("-version"))
        is_open = contract.state == Contract.State.IN_FORCE
        in_force = next((plan for plan in plans if plan.state == RepaymentPlan.State.IN_FORCE), None)
        waiting = next((plan for plan in plans if plan.state == RepaymentPlan.State.PREPARED), None)
        found = {
            "contract": contract,
            "ledger": ledger,
            "lines": selectors.stand_lines(ledger),
            "chart": shown.draw_chart(ledger, repayments) if rows else None,
            "repayments": repayments,
            "plans": plans,
            "in_force": in_force,
            "waiting": waiting,
            "is_short": selectors.is_short(ledger),
            "may_plan": is_open and waiting is None and ledger.not_due > 0 and bool(self.permit.may(PLAN)),
            "may_book": is_open and in_force is not None and bool(self.permit.may(BOOK)),
        }
        return super().get_context_data(**{**extra, **found})


class _Form(KernelActionView):
    """A form whose rows move once and carry no version."""

    menu = MENU

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{**extra, "version": None})


class PlanLay(_OfContract, _Form):
    """Lay the plan of what is not yet due."""

    action = PLAN
    form_class = PlanForm
    template_name = "projects/servicing/plan_form.html"
    title = _("Lay a repayment plan")
    submit_label = _("Lay the plan")
    success_message = _("The plan is laid; a second person must confirm it.")
    consequence = _("The last instalment falls on the maturity of the contract and takes what is left.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kinds": kinds_for(self.object.repayment)}

    def get_initial(self) -> dict[str, Any]:
        return {"months": 3, "grace": 0, "kind": kinds_for(self.object.repayment)[-1]}

    def perform(self, form: PlanForm) -> RepaymentPlan:
        return services.plan_lay(contract=self.object, by=self.person, **form.cleaned_data)


class PlanDetail(_Form):
    """One version of a plan; beside it the second person's word."""

    model = RepaymentPlan
    action = "view"
    also_asked = (CONFIRM,)
    form_class = PlanVerdictForm
    template_name = "projects/servicing/plan.html"
    submit_label = _("Submit my opinion")

    def get_object(self, queryset: Any = None) -> RepaymentPlan:
        return self.ask_object(selectors.plan_list(viewer=self.person))

    def get_crumbs(self) -> Any:
        return contract_crumbs(self.object.contract)

    def get_title(self) -> Any:
        return _("Repayment plan, version %(version)s") % {"version": self.object.version}

    @cached_property
    def instalments(self) -> list[Instalment]:
        """As laid."""
        return list(self.object.instalments.all())

    def shown_evidence(self) -> Iterable[Model]:
        return [self.object, *self.instalments]

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        plan = self.object
        assert self.permit is not None
        found = {
            "plan": plan,
            "contract": plan.contract,
            "instalments": self.instalments,
            "interest": sum(row.interest for row in self.instalments),
            "verdict": self.permit.may(CONFIRM) if plan.state == RepaymentPlan.State.PREPARED else None,
        }
        return super().get_context_data(**{**extra, **found})

    def perform(self, form: PlanVerdictForm) -> RepaymentPlan:
        return judge(self.object, form.cleaned_data["verdict"], form.cleaned_data["reason"], self.person)

    def get_success_message(self, cleaned_data: Any) -> Any:
        if self.result.state == RepaymentPlan.State.IN_FORCE:
            return _("The plan is in force.")
        return _("The plan is declined.")


class RepaymentBook(_OfContract, _Form):
    """Book what came in."""

    action = BOOK
    form_class = RepaymentForm
    title = _("Book a repayment")
    submit_label = _("Book the repayment")
    success_message = _("The repayment is booked.")
    consequence = _("A booked repayment stays; a wrong one is reversed by a second person.")
    layout = {"amount": "half", "value_date": "half"}

    def get_initial(self) -> dict[str, Any]:
        rows = list(selectors.current_instalments(self.object))
        owed = selectors.ledger_of(self.object, rows).owed
        return {"value_date": clock.today(), "amount": owed or None}

    def perform(self, form: RepaymentForm) -> Repayment:
        return services.repayment_book(contract=self.object, by=self.person, **form.cleaned_data)


class _OfRepayment:
    """What the pages about one repayment share."""

    model = Repayment
    menu = MENU

    def get_object(self, queryset: Any = None) -> Repayment:
        return self.ask_object(selectors.repayment_list(viewer=self.person))  # type: ignore[attr-defined]

    def get_crumbs(self) -> Any:
        return contract_crumbs(self.object.contract)  # type: ignore[attr-defined]


class RepaymentDetail(_OfRepayment, KernelDetailView):
    """One repayment: what it covered, line by line."""

    also_asked = (REVERSE,)
    template_name = "projects/servicing/repayment.html"

    def get_title(self) -> Any:
        return _("Repayment of %(day)s") % {"day": self.object.value_date}

    @cached_property
    def parts(self) -> list[RepaymentPart]:
        """Its lines, as booked."""
        return list(self.object.parts.select_related("cause").order_by("pk"))

    def shown_evidence(self) -> Iterable[Model]:
        return [self.object, *self.parts]

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        row = self.object
        assert self.permit is not None
        is_booked = row.state == Repayment.State.BOOKED
        found = {
            "repayment": row,
            "contract": row.contract,
            "parts": self.parts,
            "reverse": self.permit.may(REVERSE) if is_booked else None,
        }
        return super().get_context_data(**{**extra, **found})


class RepaymentReverse(_OfRepayment, _Form):
    """Take a wrong repayment back."""

    action = REVERSE
    form_class = ReverseForm
    title = _("Reverse a repayment")
    submit_label = _("Reverse the repayment")
    success_message = _("The repayment is reversed.")
    consequence = _("What it covered is owed again, with penalty from its due days. This cannot be undone.")

    def perform(self, form: ReverseForm) -> Repayment:
        return services.repayment_reverse(repayment=self.object, by=self.person, **form.cleaned_data)


class ServicingPanel(KernelPanelView):
    """On the pages of contract and project: outstanding, next instalment, what is overdue since when."""

    model = Contract
    template_name = "projects/servicing/_panel.html"
    list_url_name = "projects:instalment_list"
    list_filter = "contract"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        rows = list(selectors.current_instalments(self.object))
        ledger: Ledger = selectors.ledger_of(self.object, rows)
        return super().get_context_data(contract=self.object, ledger=ledger, has_plan=bool(rows), **extra)
