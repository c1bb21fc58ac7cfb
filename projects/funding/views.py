"""The pages of approved money: contract, paid-in capital, draw-downs, and the panel on the project's page."""

from typing import Any

from django.db.models import Model
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from crm.kernel.attachments.views import KernelFileView
from crm.kernel.web.fragments import KernelPanelView
from crm.kernel.web.views import KernelActionView, KernelListView
from crm.kernel.workdays import clock
from projects.deals.models import Project
from projects.deals.policies import CHANGE
from projects.funding import selectors, services
from projects.funding.filters import ContractFilter
from projects.funding.forms import (
    CapitalForm,
    ContractForm,
    DrawForm,
    NothingForm,
    PayForm,
    ReleaseForm,
    VerdictForm,
    decide,
    judge,
)
from projects.funding.models import CapitalPayment, Contract, Drawdown
from projects.funding.policies import CONFIRM, DRAW, PAY, RELEASE
from projects.funding.tables import ContractTable

MENU = "contracts"
TITLE = _("Contracts and draw-downs")
CRUMB = (TITLE, reverse_lazy("projects:contract_list"))


class ContractList(KernelListView):
    """Contracts of approved projects, and how much of them is drawn."""

    model = Contract
    menu = MENU
    title = TITLE
    noun = _("contracts")
    selector = staticmethod(selectors.contract_list)
    filterset_class = ContractFilter
    table_class = ContractTable
    search_label = _("Contract number or client")
    empty_title = _("No contracts")
    empty_text = _("The contract of an approved project is entered on the project's page.")


class _Unversioned(KernelActionView):
    """A form whose rows move once and carry no version."""

    menu = MENU
    crumbs = (CRUMB,)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{**extra, "version": None})


class ContractEnter(_Unversioned):
    """File the signed contract of an approved project."""

    model = Project
    action = CHANGE
    form_class = ContractForm
    title = _("Enter the contract")
    submit_label = _("Enter the contract")
    success_message = _("The contract is entered; a second person must compare it with the approval.")
    consequence = _("No term may be above what was approved. It can be drawn once a second person has confirmed it.")
    layout = dict.fromkeys(("number", "amount", "signed_on", "available_until", "matures_on", "rate"), "half")

    def get_crumbs(self) -> Any:
        return (CRUMB, (self.object.name, self.object.get_absolute_url()))

    def get_initial(self) -> dict[str, Any]:
        project = self.object
        return {
            "amount": project.approved_amount or project.amount,
            "signed_on": clock.today(),
            "repayment": project.repayment,
            "rate": project.rate_fixed,
        }

    def perform(self, form: ContractForm) -> Contract:
        return services.contract_enter(project=self.object, by=self.person, **form.cleaned_data)


class _ContractPage(_Unversioned):
    """What the pages about one contract share."""

    model = Contract

    def get_object(self, queryset: Any = None) -> Contract:
        return self.ask_object(selectors.contract_list(viewer=self.person))

    def get_crumbs(self) -> Any:
        return (CRUMB, (self.object.number, self.object.get_absolute_url()))


class ContractDetail(_ContractPage):
    """One contract: terms, what is drawn, capital, draw-downs; beside it the second person's word."""

    action = "view"
    also_asked = (CONFIRM, DRAW)
    form_class = VerdictForm
    template_name = "projects/funding/contract.html"
    submit_label = _("Submit my opinion")

    def get_crumbs(self) -> Any:
        return (CRUMB,)

    def get_title(self) -> Any:
        return self.object.project.name

    def shown_evidence(self) -> list[Model]:
        return [self.object]

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        contract = self.object
        assert self.permit is not None
        is_prepared = contract.state == Contract.State.PREPARED
        is_open = contract.state == Contract.State.IN_FORCE
        capital = list(selectors.capital_list(viewer=self.person).filter(contract=contract))
        to_confirm = set()
        if any(row.confirmed_by_id is None for row in capital):
            able = CapitalPayment.objects.visible_to(self.person, CONFIRM).filter(contract=contract)
            to_confirm = set(able.values_list("pk", flat=True))
        shown = {
            "contract": contract,
            "sees_project": Project.objects.visible_to(self.person).filter(pk=contract.project_id).exists(),
            "capital": capital,
            "to_confirm": to_confirm,
            "drawdowns": selectors.drawdown_list(viewer=self.person).filter(contract=contract).order_by("number"),
            "verdict": self.permit.may(CONFIRM) if is_prepared else None,
            "may_draw": is_open and bool(self.permit.may(DRAW)),
        }
        return super().get_context_data(**{**extra, **shown})

    def perform(self, form: VerdictForm) -> Contract:
        return judge(self.object, form.cleaned_data["verdict"], form.cleaned_data["reason"], self.person)

    def get_success_message(self, cleaned_data: Any) -> Any:
        if self.result.state == Contract.State.IN_FORCE:
            return _("The contract is in force and can be drawn.")
        return _("The contract is declined.")


class CapitalEnter(_ContractPage):
    """Enter capital that was paid in."""

    action = DRAW
    form_class = CapitalForm
    title = _("Enter paid-in capital")
    submit_label = _("Enter paid-in capital")
    success_message = _("The payment is entered; a second person must confirm it.")
    consequence = _("It counts for draw-downs once a second person has confirmed it.")
    layout = {"amount": "half", "paid_on": "half"}

    def get_initial(self) -> dict[str, Any]:
        return {"paid_on": clock.today()}

    def perform(self, form: CapitalForm) -> CapitalPayment:
        return services.capital_enter(contract=self.object, by=self.person, **form.cleaned_data)


class CapitalConfirm(_Unversioned):
    """The second person's word on paid-in capital."""

    model = CapitalPayment
    action = CONFIRM
    form_class = NothingForm
    title = _("Confirm paid-in capital")
    submit_label = _("Confirm paid-in capital")
    success_message = _("The payment is confirmed and counts for draw-downs.")
    consequence = _("You confirm that the voucher shows this amount on this day. This cannot be undone.")

    def get_object(self, queryset: Any = None) -> CapitalPayment:
        return self.ask_object(selectors.capital_list(viewer=self.person))

    def get_crumbs(self) -> Any:
        contract = self.object.contract
        return (CRUMB, (contract.number, contract.get_absolute_url()))

    def perform(self, form: NothingForm) -> CapitalPayment:
        return services.capital_confirm(payment=self.object, by=self.person)


class DrawdownRequest(_ContractPage):
    """Ask for money under a contract."""

    action = DRAW
    form_class = DrawForm
    title = _("Request a draw-down")
    submit_label = _("Request the draw-down")
    success_message = _("The draw-down is requested; a second person decides its release.")
    consequence = _("The sum of the payees is the amount of the draw-down.")
    template_name = "projects/funding/draw_form.html"

    def perform(self, form: DrawForm) -> Drawdown:
        payees = form.list_payees()
        purpose = form.cleaned_data["purpose"]
        return services.drawdown_request(contract=self.object, purpose=purpose, payees=payees, by=self.person)


class _DrawdownPage(_Unversioned):
    """What the pages about one draw-down share."""

    model = Drawdown

    def get_object(self, queryset: Any = None) -> Drawdown:
        return self.ask_object(selectors.drawdown_list(viewer=self.person))

    def get_crumbs(self) -> Any:
        contract = self.object.contract
        return (CRUMB, (contract.number, contract.get_absolute_url()))


class DrawdownDetail(_DrawdownPage):
    """One draw-down: payees and every test with its figures; beside it the release."""

    action = "view"
    also_asked = (RELEASE, PAY)
    form_class = ReleaseForm
    template_name = "projects/funding/drawdown.html"
    submit_label = _("Submit my decision")

    def get_title(self) -> Any:
        return _("Draw-down %(number)s of %(project)s") % {
            "number": self.object.number,
            "project": self.object.contract.project.name,
        }

    def shown_evidence(self) -> list[Model]:
        return [self.object, *self.object.payees.all()]

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        drawdown = self.object
        assert self.permit is not None
        is_waiting = drawdown.state == Drawdown.State.REQUESTED
        lines = selectors.checks_of(drawdown)
        shown = {
            "drawdown": drawdown,
            "contract": drawdown.contract,
            "lines": lines,
            "all_passed": all(line.passed for line in lines),
            "verdict": self.permit.may(RELEASE) if is_waiting else None,
            "may_pay": drawdown.state == Drawdown.State.RELEASED and bool(self.permit.may(PAY)),
        }
        return super().get_context_data(**{**extra, **shown})

    def perform(self, form: ReleaseForm) -> Drawdown:
        return decide(self.object, form.cleaned_data["verdict"], form.cleaned_data["reason"], self.person)

    def get_success_message(self, cleaned_data: Any) -> Any:
        if self.result.state == Drawdown.State.RELEASED:
            return _("The draw-down is released; a third person pays it out.")
        return _("The draw-down is declined.")


class DrawdownPay(_DrawdownPage):
    """Report the payment with its voucher."""

    action = PAY
    form_class = PayForm
    title = _("Report the payment")
    submit_label = _("Report the payment")
    success_message = _("The payment is reported.")
    consequence = _("The day of payment is the value date from which interest runs.")

    def get_initial(self) -> dict[str, Any]:
        return {"paid_on": clock.today()}

    def perform(self, form: PayForm) -> Drawdown:
        return services.drawdown_pay(drawdown=self.object, by=self.person, **form.cleaned_data)


class ContractPaper(KernelFileView):
    """The signed contract."""

    model = Contract
    read_act = "contract.paper_downloaded"

    def get_object(self, queryset: Any = None) -> Contract:
        return self.ask_object(selectors.contract_list(viewer=self.person))


class CapitalPaper(KernelFileView):
    """The voucher of paid-in capital."""

    model = CapitalPayment
    read_act = "capital.paper_downloaded"

    def get_object(self, queryset: Any = None) -> CapitalPayment:
        return self.ask_object(selectors.capital_list(viewer=self.person))


class DrawdownVoucher(KernelFileView):
    """The voucher of a payment; 404 before there is one."""

    model = Drawdown
    file_field = "voucher"
    read_act = "drawdown.voucher_downloaded"

    def get_object(self, queryset: Any = None) -> Drawdown:
        return self.ask_object(selectors.drawdown_list(viewer=self.person))


class FundingPanel(KernelPanelView):
    """On the project's page: contract, drawn and undrawn, capital paid in, what is open, the draw-downs."""

    model = Project
    template_name = "projects/funding/_panel.html"
    list_url_name = "projects:contract_list"
    list_filter = "project"
    also_asked = (CHANGE,)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        project = self.object
        assert self.permit is not None
        contract = selectors.contract_of(project)
        is_open = contract is not None and contract.state == Contract.State.IN_FORCE
        may_work = project.is_binding and bool(self.permit.may(CHANGE))
        drawdowns = list(Drawdown.objects.filter(contract=contract).order_by("number")) if contract else []
        shown = {
            "project": project,
            "contract": contract,
            "drawdowns": drawdowns,
            "open_conditions": selectors.list_blocks(project) if project.is_binding else (),
            "may_enter": may_work and contract is None and project.currency == "CNY",
            "may_draw": may_work and is_open,
        }
        return super().get_context_data(**shown, **extra)
