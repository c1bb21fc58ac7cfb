"""The case page, who may decide, and the paper."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.audit.services import record_read
from crm.kernel.people.roles import Role
from crm.kernel.web.views import KernelDetailView, ObjectMixin
from risk.reviews import selectors
from risk.reviews.forms import ConflictForm, DecisionForm, WithdrawForm
from risk.reviews.models import ReviewCase, Stage
from risk.reviews.views.case.page import CasePage
from risk.reviews.views.sheet import sheet_response
from risk.reviews.workflow import ROWS

MENU = "reviews"
LIST_CRUMB = gettext_lazy("Reviews")
PANEL = "risk/reviews/_panel.html"


class CaseMixin(ObjectMixin):
    """A page about one case, found among the visible ones."""

    model = ReviewCase
    menu = MENU
    template_name = "risk/reviews/detail.html"
    crumbs: Any = ()
    panel_template = PANEL

    def get_object(self, queryset: Any = None) -> ReviewCase:
        return selectors.get_review(viewer=self.person, pk=self.kwargs["pk"])

    def build_page(self) -> CasePage:
        """The parts of the case as this page shows them; the admin has addresses of its own."""
        return CasePage(self.object, self.person)

    def get_title(self) -> str:
        return str(self.object.number)

    def get_crumbs(self) -> Any:
        return [(LIST_CRUMB, reverse("risk:review_list"))]

    def case_page(
        self,
        *,
        form: Any = None,
        withdraw_form: Any = None,
        status: int = 200,
        stale: Any = (),
        version: int | None = None,
    ) -> HttpResponse:
        """The page, or its right column alone for htmx. `version` keeps the one that was seen on a rule's refusal.

        Of a case that moved on (`stale`) everything in sight is old: htmx draws the whole of it anew as well.
        """
        page = self.build_page()
        by_htmx = self.is_fragment
        kept = ""
        if form is None or form_kind(form) != page.turn.mode:
            # What was typed into a form that this state no longer has is shown, never lost.
            kept = form.data.get("opinion", "") if form is not None else ""
            form = self.blank_form(page)
        context = self.get_context_data(
            page=page,
            form=form,
            withdraw_form=withdraw_form or WithdrawForm(),
            stale=stale,
            kept=kept,
            version=self.object.version if version is None else version,
        )
        if by_htmx and not stale:
            self.template_name = self.panel_template
        response = self.render_to_response(context, status=status)
        if by_htmx and stale:
            response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#content", "innerHTML"
        return response

    def blank_form(self, page: CasePage) -> Any:
        if page.turn.mode == "declare":
            return ConflictForm()
        return DecisionForm(options=page.decision.options) if page.turn.mode == "decide" else None


def form_kind(form: Any) -> str:
    """Which state of the right column a form belongs to."""
    return "declare" if isinstance(form, ConflictForm) else "decide"


class ReviewDetail(CaseMixin, KernelDetailView):
    """The case page. Reading a dossier leaves a trace."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record_read("review.dossier_read", subject=self.object, by=self.person, data={"round": self.object.round})
        return self.case_page()


class ReviewPeople(CaseMixin):
    """Who may decide the present stage, and why each other holder of its role may not."""

    template_name = "risk/reviews/why_not.html"

    def get_title(self) -> str:
        return _("Why others cannot decide")

    def get_crumbs(self) -> Any:
        return [*super().get_crumbs(), (self.object.number, self.object.get_absolute_url())]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        turn = self.build_page().turn
        context = self.get_context_data(
            stage=Stage(self.object.stage).label,
            rule=_("role: %(role)s; one seat per person in a case; people who worked on the project cannot decide")
            % {"role": Role(ROWS[self.object.stage].role).label},
            able=turn.able,
            unable=[(found.person, found.reason) for found in turn.unable],
        )
        return self.render_to_response(context)


class ReviewSheet(CaseMixin):
    """The approval sheet as a PDF; printing it is recorded."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return sheet_response(CasePage(self.object, self.person), by=self.person)
