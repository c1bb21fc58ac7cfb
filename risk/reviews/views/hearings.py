"""The page on which a re-hearing is asked for."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.web.views import KernelActionView
from risk.reviews import selectors
from risk.reviews.forms import RehearForm
from risk.reviews.models import ReviewCase
from risk.reviews.selectors.hearings import list_new_documents
from risk.reviews.services import review_rehear
from risk.reviews.views.cases import LIST_CRUMB, MENU


class ReviewRehear(KernelActionView):
    """New facts and the documents that show them."""

    model = ReviewCase
    action = "rehear"
    form_class = RehearForm
    menu = MENU
    title = _("Ask for a re-hearing")
    submit_label = _("Ask for the re-hearing")
    success_message = _("The re-hearing is open.")
    consequence = _(
        "The case opens once more at the initial review and at the same level; other people decide the re-check and "
        "the final approval. There is no second re-hearing."
    )

    def get_object(self, queryset: Any = None) -> ReviewCase:
        return self.ask_object(selectors.select_with_parties())

    def get_crumbs(self) -> Any:
        return [(LIST_CRUMB, reverse("risk:review_list")), (self.object.number, self.object.get_absolute_url())]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "documents": list_new_documents(self.object.project)}

    def perform(self, form: RehearForm) -> ReviewCase:
        given = form.cleaned_data
        return review_rehear(
            case=self.object,
            new_facts=given["new_facts"],
            documents=[document.pk for document in given["documents"]],
            expected_version=self.expected_version,
            by=self.person,
        )
