"""The pages of limits: the list, one proposed from the client's page, the approver's word, the client's panel."""

from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from crm.kernel.access.checks import as_answer, may
from crm.kernel.people.models import Person
from crm.kernel.people.roles import AuthorityLevel
from crm.kernel.web.fragments import KernelPanelView
from crm.kernel.web.views import KernelActionView, KernelListView
from risk.limits import selectors, services
from risk.limits.filters import ME, CreditLimitFilter
from risk.limits.forms import DECLINE, LimitForm, VerdictForm
from risk.limits.models import CreditLimit
from risk.limits.policies import DECIDE
from risk.limits.shown import draw_terms
from risk.limits.tables import CreditLimitTable
from risk.limits.working import Working, work_out
from risk.ratings.policies import worked_on

MENU = "limits"


class LimitList(KernelListView):
    """Limits of all clients one may see; the first tab is what waits for one's own decision."""

    model = CreditLimit
    menu = MENU
    title = _("Credit limits")
    selector = selectors.limit_list
    filterset_class = CreditLimitFilter
    table_class = CreditLimitTable
    template_name = "risk/limits/list.html"
    empty_title = _("No limits yet")
    empty_text = _("A risk assessor proposes a limit on the client's page; an approver of its level decides it.")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        mine = self.request.GET.get("waiting") == ME
        tabs = [
            {"text": _("Waiting for my decision"), "href": f"?waiting={ME}", "current": mine},
            {"text": _("All I can view"), "href": self.request.path, "current": not mine},
        ]
        return super().get_context_data(tabs=tabs, **extra)


class LimitPropose(KernelActionView):
    """A limit for a client. While one types the need, htmx asks for the terms (`preview`); nothing is written."""

    model = Client
    form_class = LimitForm
    template_name = "risk/limits/form.html"
    menu = "clients"
    title = _("Propose a limit")
    submit_label = _("Propose the limit")
    success_message = _("The limit is proposed; the approver you named must decide it.")
    consequence = _("It counts only once the approver has decided.")

    def get_object(self, queryset: Any = None) -> Client:
        return self.ask_object(selectors.measured_clients())

    def require_action(self) -> None:
        services.require_propose(client=self.object, by=self.person)

    def get_crumbs(self) -> Any:
        return ((_("Clients"), reverse("clients:client_list")), (self.object.name, self.object.get_absolute_url()))

    @cached_property
    def deciders(self) -> Any:
        """Approvers of any level who may be asked; the service says whose authority reaches the sum."""
        found = selectors.list_deciders(self.object, 1, by=self.person)
        reach = selectors.reach_of(found)
        return Person.objects.filter(pk__in=[person.pk for person in found]).annotate(reach=reach).order_by("reach")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "deciders": self.deciders}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "preview" not in request.GET:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.full_clean()
        return render(request, "risk/limits/_terms.html", self.draw(form.cleaned_data.get("need")))

    def draw(self, need: Decimal | None) -> dict[str, Any]:
        """The terms by what is typed so far, and who decides what they give."""
        worked: Working = work_out(self.object, need=need)
        amount = worked.limit.amount
        shown = {"terms": draw_terms(worked.as_data()), "amount": amount, "as_of": worked.as_of}
        if amount is None:
            return shown
        found = selectors.find_level(amount, str(worked.grade))
        return {**shown, "level_name": AuthorityLevel(found.level).label, "needs_committee": found.needs_committee}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        found = super().get_context_data(**{**extra, "version": None})
        form = found["form"]
        need = form.cleaned_data.get("need") if form.is_bound and hasattr(form, "cleaned_data") else None
        return {**found, **self.draw(need)}

    def perform(self, form: LimitForm) -> CreditLimit:
        return services.limit_propose(client=self.object, by=self.person, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class LimitDecide(KernelActionView):
    """One limit with every term; who was asked finds the form beside it."""

    model = CreditLimit
    action = "view"
    also_asked = (DECIDE,)
    form_class = VerdictForm
    template_name = "risk/limits/limit.html"
    menu = MENU
    submit_label = _("Submit my decision")

    def get_object(self, queryset: Any = None) -> CreditLimit:
        return self.ask_object(CreditLimit.objects.select_related(*selectors.SHOWN_WITH).defer(*selectors.UNREAD))

    def shown_evidence(self) -> list[Model]:
        return [self.object]

    def get_title(self) -> Any:
        return _("Credit limit of %(client)s") % {"client": self.object.kept.client.name}

    def get_crumbs(self) -> Any:
        return ((_("Credit limits"), reverse("risk:limit_list")),)

    def get_cancel_url(self) -> str:
        return reverse("risk:limit_list")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        limit = self.object
        shown = {
            "limit": limit,
            "terms": draw_terms(limit.terms),
            "cut_terms": draw_terms(limit.cut_terms) if limit.cut_terms else None,
            "may_decide": may(self.person, DECIDE, limit),
            "is_waiting": limit.status == CreditLimit.Status.PROPOSED,
            "version": None,
        }
        return super().get_context_data(**{**extra, **shown})

    def perform(self, form: VerdictForm) -> CreditLimit:
        given = form.cleaned_data
        if given["verdict"] == DECLINE:
            return services.limit_decline(limit=self.object, opinion=given["opinion"], by=self.person)
        return services.limit_approve(
            limit=self.object, opinion=given["opinion"], resolution=given["resolution"], by=self.person
        )

    def get_success_message(self, cleaned_data: Any) -> Any:
        if self.result.status == CreditLimit.Status.IN_FORCE:
            return _("The limit is in force.")
        return _("The limit is declined; the current one does not change.")


class ClientLimit(KernelPanelView):
    """The panel on the client's page: the limit in force, how much of it is used, what waits."""

    model = Client
    template_name = "risk/limits/_panel.html"
    list_url_name, list_filter = "risk:limit_list", "client"
    query_budget = 4

    def get_object(self, queryset: Any = None) -> Client:
        """The client with its standing, and whether the person works on it."""
        works = selectors.measured_clients().annotate(is_worked_on=as_answer(worked_on(self.person)))
        return self.ask_object(works)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        rows = selectors.limits_of(viewer=self.person, client=self.object)
        in_force = next((row for row in rows if row.status == CreditLimit.Status.IN_FORCE), None)
        used = self.object.standing.exposure or Decimal(0)
        return super().get_context_data(
            limit=in_force,
            used=used,
            free=None if in_force is None else in_force.effective - used,
            waiting=next((row for row in rows if row.status == CreditLimit.Status.PROPOSED), None),
            may_propose=self.may("create", CreditLimit) and not self.object.is_worked_on,
            **extra,
        )
