"""The pages of a waiver: ask for one from the deal's page, decide on it, read it."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import may
from crm.kernel.people.models import Person
from crm.kernel.web.views import KernelActionView
from crm.kernel.workdays import clock
from projects.deals.models import Project
from projects.deals.policies import CHANGE
from projects.deals.selectors import shown_projects
from projects.deals.workflow import why_closed
from risk.gates import services
from risk.gates.forms import DECLINE, AskForm, VerdictForm, decide
from risk.gates.models import GateWaiver
from risk.gates.policies import DECIDE
from risk.gates.selectors import waivers
from risk.gates.selectors.texts import label_of

CRUMB = (_("Projects"), "/projects/")
# What the form offers as last day; who decides may choose another.
USUAL = timedelta(days=90)


class WaiverAsk(KernelActionView):
    """Ask a named person to waive one of the project's requirements."""

    model = Project
    action = CHANGE
    form_class = AskForm
    menu = "projects"
    title = _("Ask for a waiver")
    submit_label = _("Ask for the waiver")
    success_message = _("The waiver is asked for.")
    consequence = _("It counts only once the person you name has given it, with a reason and a last day.")

    def get_object(self, queryset: Any = None) -> Project:
        return self.ask_object(shown_projects())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.is_open_for_change:
            raise why_closed(self.object)
        return super().get(request, *args, **kwargs)

    def get_crumbs(self) -> Any:
        return (CRUMB, (self.object.name, self.object.get_absolute_url()))

    @cached_property
    def waivable(self) -> dict[str, int]:
        return waivers.map_waivable(self.object.product)

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("gate", "")
        return {"gate": asked} if asked in self.waivable else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        lowest = min(self.waivable.values(), default=1)
        people = Person.objects.filter(pk__in=[one.pk for one in waivers.list_deciders(self.object, lowest)])
        gates = [(gate, label_of(gate)) for gate in self.waivable]
        return {**super().get_form_kwargs(), "gates": gates, "deciders": people.order_by("name_pinyin")}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{**extra, "version": None})

    def perform(self, form: AskForm) -> Project:
        given = form.cleaned_data
        services.waiver_ask(
            project=self.object,
            gate=given["gate"],
            asked_of=given["asked_of"],
            reason=given["asked_reason"],
            by=self.person,
        )
        return self.object


class WaiverDecide(KernelActionView):
    """One request explained; who was asked finds the form beside it."""

    model = GateWaiver
    action = "view"
    also_asked = (DECIDE,)
    form_class = VerdictForm
    template_name = "risk/gates/waiver.html"
    menu = "projects"
    title = _("Waiver of a requirement")
    submit_label = _("Submit my decision")

    def get_object(self, queryset: Any = None) -> GateWaiver:
        return self.ask_object(waivers.shown_waivers())

    def get_crumbs(self) -> Any:
        return (CRUMB, (self.object.project.name, self.object.project.get_absolute_url()))

    def get_initial(self) -> dict[str, Any]:
        return {"expires_on": clock.today() + USUAL}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        waiver = self.object
        shown = {
            "waiver": waiver,
            "gate": label_of(waiver.gate),
            "may_decide": may(self.person, DECIDE, waiver),
            "is_waiting": waiver.status == GateWaiver.Status.ASKED,
            "version": None,
        }
        return super().get_context_data(**{**extra, **shown})

    def perform(self, form: VerdictForm) -> GateWaiver:
        return decide(self.object, form.cleaned_data, self.person)

    def get_success_message(self, cleaned_data: Any) -> Any:
        if cleaned_data["verdict"] == DECLINE:
            return _("The waiver is declined.")
        return _("The requirement is waived.")
