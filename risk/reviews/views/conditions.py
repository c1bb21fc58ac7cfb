"""The two forms about a condition of an approved case: how it is met, and the second person's word."""

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.web.views import KernelActionView
from risk.reviews import selectors, services
from risk.reviews.forms import ReportForm, SettleForm
from risk.reviews.models import Condition, ReviewCase


class ConditionAct(KernelActionView):
    """What both share. A risk assessor sees the condition, not the case."""

    model = Condition
    menu = "reviews"
    template_name = "risk/reviews/condition.html"

    def get_object(self, queryset: Any = None) -> Condition:
        return selectors.get_condition(viewer=self.person, pk=self.kwargs["pk"])

    @cached_property
    def case_url(self) -> str:
        """Where the condition stands; empty for who does not see the case."""
        sees = ReviewCase.objects.visible_to(self.person).filter(pk=self.object.case_id).exists()
        return self.object.get_absolute_url() if sees else ""

    def get_crumbs(self) -> Any:
        crumbs = [(_("Reviews"), reverse("risk:review_list"))]
        return [*crumbs, (self.object.case.number, self.case_url)] if self.case_url else crumbs

    def get_cancel_url(self) -> str:
        return self.case_url or reverse("worklist:todo_list")

    def get_success_url(self) -> str:
        return self.get_cancel_url()

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(condition=self.object, case_url=self.case_url, **extra)


class ConditionReport(ConditionAct):
    action = "report"
    form_class = ReportForm
    title = _("Report a condition as met")
    submit_label = _("Report as met")
    success_message = _("The condition is reported as met; a second person must verify it.")
    consequence = _("A second person verifies whether the condition is met. Until then it counts as not met.")

    def perform(self, form: ReportForm) -> Condition:
        return services.condition_report(
            condition=self.object, expected_version=self.expected_version, by=self.person, **form.cleaned_data
        )


class ConditionSettle(ConditionAct):
    action = "settle"
    form_class = SettleForm
    title = _("Verify a condition")
    submit_label = _("Submit my opinion")
    success_message = _("The condition is verified.")
    consequence = _(
        "A condition that is met or waived cannot be changed. One that is not met goes back to the person responsible."
    )

    def perform(self, form: SettleForm) -> Condition:
        return services.condition_settle(
            condition=self.object, expected_version=self.expected_version, by=self.person, **form.cleaned_data
        )
