"""The pages of facilities in force: list, entry from the client's page, one facility, its acts, the client's panel."""

from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import CHANGE
from crm.kernel.attachments.views import KernelFileView
from crm.kernel.web.fragments import KernelPanelView
from crm.kernel.web.views import KernelActionView, KernelListView
from crm.kernel.workdays import clock
from projects.facilities import selectors, services
from projects.facilities.filters import FacilityFilter
from projects.facilities.forms import (
    BalanceForm,
    FacilityForm,
    NothingForm,
    SettleForm,
    VerdictForm,
    judge,
)
from projects.facilities.models import Facility
from projects.facilities.policies import CONFIRM, SETTLE, SETTLED, TELL, WITHDRAW
from projects.facilities.tables import FacilityTable

MENU = "facilities"
TITLE = _("Facilities in force")
CRUMB = (TITLE, reverse_lazy("projects:facility_list"))


class FacilityList(KernelListView):
    """What clients owe under contracts that other channels approved."""

    model = Facility
    menu = MENU
    title = TITLE
    noun = _("facilities")
    selector = staticmethod(selectors.facility_list)
    filterset_class = FacilityFilter
    table_class = FacilityTable
    search_label = _("Contract number or client")
    empty_title = _("No facilities in force")
    empty_text = _(
        "Loans and guarantees approved before this system or by another channel are entered on the client's page; once "
        "a second person confirms, they count towards the client's exposure."
    )


class FacilityEnter(KernelActionView):
    """Enter a facility of a client with its balance."""

    model = Client
    action = CHANGE
    form_class = FacilityForm
    menu = MENU
    title = _("Enter a facility in force")
    submit_label = _("Enter the facility")
    success_message = _("The facility is entered; a second person must confirm it.")
    consequence = _("It counts towards the exposure, and so towards who must approve new projects, once confirmed.")
    layout = {
        "contract_no": "half",
        "kind": "half",
        "amount": "half",
        "margin": "half",
        "approved_on": "half",
        "approved_by": "half",
        "available_until": "half",
        "matures_on": "half",
        "as_of": "half",
        "outstanding": "half",
        "undrawn": "half",
        "due_unpaid": "half",
    }

    def get_crumbs(self) -> Any:
        client = self.object
        return ((_("Clients"), reverse("clients:client_list")), (client.name, client.get_absolute_url()))

    def get_initial(self) -> dict[str, Any]:
        return {"as_of": clock.today()}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{**extra, "version": None})

    def perform(self, form: FacilityForm) -> Facility:
        return services.facility_enter(client=self.object, by=self.person, **form.cleaned_data)


class _FacilityPage(KernelActionView):
    """What the pages about one facility share."""

    model = Facility
    menu = MENU
    title = _("Facility in force")
    crumbs = (CRUMB,)

    def get_rows(self) -> QuerySet[Facility]:
        return selectors.facility_list(viewer=self.person)

    def get_object(self, queryset: Any = None) -> Facility:
        return self.ask_object(self.get_rows())

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{**extra, "version": None})


class FacilityDetail(_FacilityPage):
    """One facility explained: terms, balance, what counts; beside it the second person's word."""

    action = "view"
    also_asked = (CONFIRM, SETTLED, SETTLE, TELL, WITHDRAW)
    form_class = VerdictForm
    template_name = "projects/facilities/detail.html"
    submit_label = _("Submit my opinion")

    def get_title(self) -> Any:
        return self.object.name

    def shown_evidence(self) -> list[Model]:
        return [self.object, self.object.paper, *self.balances]

    @property
    def balances(self) -> list[Any]:
        """What was told of it, read once."""
        if not hasattr(self, "_balances"):
            self._balances = list(selectors.balances_of(self.object)[:12])
        return self._balances

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        facility = self.object
        assert self.permit is not None
        is_counting = facility.state in Facility.COUNTING
        judged = {Facility.State.ENTERED: CONFIRM, Facility.State.SETTLING: SETTLED}.get(facility.state)
        shown = {
            "facility": facility,
            "balances": self.balances,
            "parts": selectors.measure(facility, selectors.read_conversion(), clock.today()),
            "is_counting": is_counting,
            "verdict": self.permit.may(judged) if judged else None,
            "is_settling": facility.state == Facility.State.SETTLING,
            "may_settle": facility.state == Facility.State.CONFIRMED and self.permit.may(SETTLE),
            "may_tell": is_counting and self.permit.may(TELL),
            "may_withdraw": facility.state == Facility.State.ENTERED and self.permit.may(WITHDRAW),
        }
        return super().get_context_data(**{**extra, **shown})

    def perform(self, form: VerdictForm) -> Facility:
        return judge(self.object, form.cleaned_data["verdict"], form.cleaned_data["reason"], self.person)

    def get_success_message(self, cleaned_data: Any) -> Any:
        words = {
            Facility.State.CONFIRMED: _("The facility is in force and counts towards the exposure."),
            Facility.State.SETTLED: _("The facility is settled and no longer counts."),
        }
        return words.get(self.result.state, _("The facility is declined."))


class FacilityWithdraw(_FacilityPage):
    """Its enterer takes it back; posted from its page."""

    action = WITHDRAW
    form_class = NothingForm
    title = _("Withdraw the facility")
    submit_label = _("Withdraw the facility")
    success_message = _("The facility is withdrawn.")

    def perform(self, form: NothingForm) -> Facility:
        return services.facility_withdraw(facility=self.object, by=self.person)


class FacilitySettle(_FacilityPage):
    """Report that everything was paid back."""

    action = SETTLE
    form_class = SettleForm
    title = _("Report the settlement")
    submit_label = _("Report the settlement")
    success_message = _("The settlement is reported; a second person must confirm it.")
    consequence = _("The facility counts towards the exposure until a second person has confirmed.")

    def perform(self, form: SettleForm) -> Facility:
        return services.facility_settle(facility=self.object, by=self.person, **form.cleaned_data)


class FacilityTell(_FacilityPage):
    """Tell the balance of a day."""

    action = TELL
    form_class = BalanceForm
    title = _("Tell the balance")
    submit_label = _("Tell the balance")
    success_message = _("The balance is told.")
    layout = {"as_of": "half", "outstanding": "half", "undrawn": "half", "due_unpaid": "half"}

    def get_initial(self) -> dict[str, Any]:
        facility = self.object
        return {"as_of": clock.today(), "outstanding": facility.outstanding, "undrawn": facility.undrawn}

    def perform(self, form: BalanceForm) -> Facility:
        services.balance_tell(facility=self.object, by=self.person, **form.cleaned_data)
        return self.object


class FacilityPaper(KernelFileView):
    """The paper of a facility."""

    model = Facility
    read_act = "facility.paper_downloaded"

    def get_object(self, queryset: Any = None) -> Facility:
        return self.ask_object(selectors.facility_list(viewer=self.person))


class ClientFacilities(KernelPanelView):
    """On the client's page: what counts towards the exposure, line by line, and what waits."""

    model = Client
    template_name = "projects/facilities/_panel.html"
    list_url_name = "projects:facility_list"
    list_filter = "client"
    also_asked = (CHANGE,)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        assert self.permit is not None
        lines = selectors.read_exposure(self.object.pk, waiting=True)
        projects = [line for line in lines if line.project]
        shown = {
            "lines": [line for line in lines if line.facility],
            "projects": len(projects),
            "projects_sum": selectors.sum_exposure(projects),
            "total": selectors.sum_exposure(lines),
            "may_enter": bool(self.permit.may(CHANGE)),
        }
        return super().get_context_data(**shown, **extra)
