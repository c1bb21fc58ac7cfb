"""The page on which an approval is prolonged."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.web.views import KernelActionView
from risk.reviews import selectors
from risk.reviews.forms import ProlongForm
from risk.reviews.models import ReviewCase
from risk.reviews.services import review_prolong
from risk.reviews.views.cases import LIST_CRUMB, MENU


class ReviewProlong(KernelActionView):
    """The new last day, the latest one proposed, and the reason."""

    model = ReviewCase
    action = "prolong"
    form_class = ProlongForm
    menu = MENU
    title = _("Prolong the approval")
    submit_label = _("Prolong the approval")
    success_message = _("The approval is valid longer.")

    consequence = _(
        "The approval lapses later, once. It is refused where the client, its grade or a requirement has changed since "
        "the approval, or a red warning is open."
    )

    def get_object(self, queryset: Any = None) -> ReviewCase:
        return self.ask_object(selectors.select_with_parties())

    def get_crumbs(self) -> Any:
        return [(LIST_CRUMB, reverse("risk:review_list")), (self.object.number, self.object.get_absolute_url())]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "last_day": self.object.project.valid_until}

    def perform(self, form: ProlongForm) -> ReviewCase:
        given = form.cleaned_data
        return review_prolong(
            case=self.object,
            until=given["until"],
            reason=given["reason"],
            expected_version=self.expected_version,
            by=self.person,
        )
