"""The pages of a change of identity: propose one from the client's page, decide on it, read its document."""

from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import CHANGE
from clients.file.rules import identifiers
from crm.kernel.access.checks import may
from crm.kernel.attachments.views import KernelFileView
from crm.kernel.web.fragments import KernelPanelView
from crm.kernel.web.views import KernelActionView
from risk.identity import selectors, services
from risk.identity.forms import DECLINE, NothingForm, ProposalForm, VerdictForm
from risk.identity.models import IdentityChange
from risk.identity.policies import DECIDE, WITHDRAW

CLIENTS = (_("Clients"), "clients:client_list")


def crumbs_to(client: Client) -> Any:
    """The way to a page about `client`."""
    return ((CLIENTS[0], reverse(CLIENTS[1])), (client.name, client.get_absolute_url()))


class IdentityPropose(KernelActionView):
    """Propose another name, code or type for a client on which a rating or project rests."""

    model = Client
    action = CHANGE
    form_class = ProposalForm
    menu = "clients"
    title = _("Change of name or code")
    submit_label = _("Propose the change")
    success_message = _("The change is proposed; another person must confirm it.")
    consequence = _(
        "The client stays as it is until the department head or a risk assessor confirms. Then its grade ends, its "
        "details must be verified again, and earlier records keep the former name."
    )
    layout = {"credit_code": "half", "client_type": "half"}

    def get_crumbs(self) -> Any:
        return crumbs_to(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "is_individual": self.object.is_individual}

    def get_initial(self) -> dict[str, Any]:
        client = self.object
        return {"name": client.name, "credit_code": client.credit_code, "client_type": client.client_type}

    def perform(self, form: ProposalForm) -> IdentityChange:
        given = dict(form.cleaned_data)
        reason, paper = given.pop("reason"), given.pop("paper")
        as_on_paper = given.pop("code_as_on_paper", False)
        return services.identity_propose(
            client=self.object,
            changes=given,
            reason=reason,
            paper=paper,
            expected_version=self.expected_version,
            code_as_on_paper=as_on_paper,
            by=self.person,
        )


class IdentityDecide(KernelActionView):
    """One change explained; who may decide finds the form beside it."""

    model = IdentityChange
    action = "view"
    also_asked = (DECIDE,)
    form_class = VerdictForm
    template_name = "risk/identity/decide.html"
    menu = "clients"
    title = _("Change of name or code")
    submit_label = _("Submit my opinion")

    def get_object(self, queryset: Any = None) -> IdentityChange:
        return self.ask_object(selectors.shown_changes())

    def get_crumbs(self) -> Any:
        return crumbs_to(self.object.client)

    def shown_evidence(self) -> list[Model]:
        return [self.object, self.object.paper]

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        change = self.object
        shown = {
            "change": change,
            "may_decide": may(self.person, DECIDE, change),
            "may_withdraw": may(self.person, WITHDRAW, change),
            "code_deviates": bool(change.credit_code and identifiers.credit_code(change.credit_code).error),
            "is_waiting": change.status == IdentityChange.Status.PROPOSED,
            "version": None,
        }
        return super().get_context_data(**{**extra, **shown})

    def perform(self, form: VerdictForm) -> IdentityChange:
        if form.cleaned_data["verdict"] == DECLINE:
            return services.identity_reject(
                change=self.object, reason=form.cleaned_data["decided_reason"], by=self.person
            )
        return services.identity_confirm(change=self.object, by=self.person)

    def get_success_message(self, cleaned_data: Any) -> Any:
        if self.result.status == IdentityChange.Status.CONFIRMED:
            return _("The client has its new name and code; it must be rated and verified again.")
        return _("The change is declined; the client stays as it was.")


class IdentityWithdraw(KernelActionView):
    """The proposer takes the change back; posted from its page."""

    model = IdentityChange
    action = WITHDRAW
    form_class = NothingForm
    menu = "clients"
    title = _("Change of name or code")
    submit_label = _("Withdraw the change")
    success_message = _("The change is withdrawn; the client stays as it was.")

    def get_object(self, queryset: Any = None) -> IdentityChange:
        return self.ask_object(selectors.shown_changes())

    def get_crumbs(self) -> Any:
        return crumbs_to(self.object.client)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{**extra, "version": None})

    def perform(self, form: NothingForm) -> IdentityChange:
        return services.identity_withdraw(change=self.object, by=self.person)


class ClientIdentity(KernelPanelView):
    """The hint on the client's page that a change of its name or code waits."""

    model = Client
    template_name = "risk/identity/_panel.html"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        waiting = selectors.waiting_of(viewer=self.person, client=self.object)
        return super().get_context_data(change=waiting, **extra)


class IdentityPaper(KernelFileView):
    """The document of a change."""

    model = IdentityChange
    read_act = "client.identity_document_downloaded"

    def get_object(self, queryset: Any = None) -> IdentityChange:
        return self.ask_object(selectors.shown_changes())
