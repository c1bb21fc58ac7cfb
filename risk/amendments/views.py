"""The page on which a change of an approved project is asked for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Conflict
from crm.kernel.web.views import KernelActionView
from projects.deals.models import Project
from projects.deals.policies import SUBMIT
from projects.deals.selectors import shown_projects
from risk.amendments import selectors
from risk.amendments.forms import AmendForm
from risk.amendments.models import FIELDS
from risk.amendments.services import amendment_ask
from risk.reviews.models import CaseStatus, ReviewCase


class AmendmentAsk(KernelActionView):
    """The decided terms to be changed, or what a return asks to be corrected; with reason and effect."""

    model = Project
    action = SUBMIT
    form_class = AmendForm
    template_name = "risk/amendments/ask.html"
    menu = "projects"
    title = _("Ask for a change")
    submit_label = _("Submit for review")
    success_message = _("The change is submitted for review.")
    consequence = _(
        "The change passes all stages of the review. The decided terms stay as they are until it is approved, and "
        "after a refusal."
    )

    def get_object(self, queryset: Any = None) -> Project:
        return self.ask_object(shown_projects())

    def get_crumbs(self) -> Any:
        return ((_("Projects"), "/projects/"), (self.object.name, self.object.get_absolute_url()))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if refusal := selectors.why_not_in_force(self.object):
            raise Conflict(refusal, code="not_approved")
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """As decided; after a return as it was asked for."""
        given = selectors.read_decided(self.object)
        running = selectors.find_running(self.object)
        if running is None or running.status != CaseStatus.RETURNED:
            return given
        last = selectors.get_amendment(running)
        return {**given, **selectors.from_plain(last.changes), "reason": last.reason, "effect": last.effect}

    def perform(self, form: AmendForm) -> ReviewCase:
        given = dict(form.cleaned_data)
        words = {name: given.pop(name) for name in ("reason", "effect")}
        return amendment_ask(
            project=self.object,
            changes={name: given[name] for name in FIELDS},
            expected_version=self.expected_version,
            by=self.person,
            **words,
        )
