"""The three lists of cases: what waits for a person, the department's, all they may see."""

from typing import Any

from django.db.models import QuerySet
from django.forms import HiddenInput
from django.urls import reverse
from django.utils.translation import gettext_lazy

from crm.kernel.web.views import KernelListView
from risk.reviews import selectors
from risk.reviews.filters import ReviewFilter
from risk.reviews.models import ReviewCase
from risk.reviews.tables import ReviewTable

MENU = "reviews"
LIST_CRUMB = gettext_lazy("Reviews")
SCOPES = (
    ("review_inbox", gettext_lazy("Waiting for me")),
    ("review_team", gettext_lazy("My department")),
    ("review_list", gettext_lazy("All I can view")),
)


class PageFilter(ReviewFilter):
    """The API's filters. A project or client is chosen by a link that carries it, never from a list of all of them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("project", "client"):
            self.form.fields[name].widget = HiddenInput()


class ReviewList(KernelListView):
    """All cases the person may see, most urgent first; the two below are the same list, narrower."""

    model = ReviewCase
    menu = MENU
    title = LIST_CRUMB
    template_name = "risk/reviews/list.html"
    table_class = ReviewTable
    filterset_class = PageFilter
    noun = gettext_lazy("reviews")
    empty_title = gettext_lazy("No reviews")
    empty_text = gettext_lazy("Submitted projects appear here while they wait for the people who may decide.")
    scope = "review_list"

    def get_queryset(self) -> QuerySet[ReviewCase]:
        return selectors.list_reviews(viewer=self.person)

    def get_table_kwargs(self, rows: list[Any]) -> dict[str, Any]:
        return {"mine": selectors.map_mine(rows, viewer=self.person)}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        tabs = [{"text": text, "href": reverse(f"risk:{name}"), "current": name == self.scope} for name, text in SCOPES]
        return super().get_context_data(tabs=tabs, **extra)


class ReviewInbox(ReviewList):
    """What waits for this person."""

    scope = "review_inbox"
    empty_title = gettext_lazy("No cases are waiting for your decision")
    empty_text = gettext_lazy("Cases appear here when they reach a stage that you may decide.")

    def get_queryset(self) -> QuerySet[ReviewCase]:
        return selectors.inbox(viewer=self.person)

    def get_table_kwargs(self, rows: list[Any]) -> dict[str, Any]:
        return {"mine": [case.pk for case in rows]}


class ReviewTeam(ReviewList):
    """Cases of the department's clients, and those in which its people sit."""

    scope = "review_team"

    def get_queryset(self) -> QuerySet[ReviewCase]:
        return selectors.team(viewer=self.person)
