"""The pages of the review: list, case, the three acts on it, submission, and the panels other pages load."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import HiddenInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.access.errors import Conflict, DomainError, NotPermitted, NotVisible, Stale
from crm.kernel.audit.services import record_read
from crm.kernel.people.roles import Role
from crm.kernel.text.sentences import listed
from crm.kernel.web.middleware import note_refusal
from crm.kernel.web.views import KernelDetailView, KernelListView, ObjectMixin, add_domain_errors
from risk.reviews import selectors
from risk.reviews.filters import ReviewFilter
from risk.reviews.forms import ConflictForm, DecisionForm, WithdrawForm
from risk.reviews.models import ReviewCase, Stage
from risk.reviews.selectors.eligibility import read_lookback_months
from risk.reviews.services import conflict_declare, decision_make, review_nudge, review_withdraw
from risk.reviews.services.declare import check_turn
from risk.reviews.tables import ReviewTable
from risk.reviews.views.case.decision import DecisionOptions
from risk.reviews.views.case.page import CasePage
from risk.reviews.views.case.rows import CaseRows
from risk.reviews.views.sheet import sheet_response
from risk.reviews.workflow import ROWS, VERBS, Effect

MENU = "reviews"
LIST_CRUMB = gettext_lazy("Reviews")
PANEL = "risk/reviews/_panel.html"
SCOPES = (
    ("review_inbox", gettext_lazy("Waiting for me")),
    ("review_team", gettext_lazy("My department's")),
    ("review_list", gettext_lazy("All I may see")),
)


def version_of(request: HttpRequest) -> int | None:
    """The version the form was opened with; None when it does not say (the service answers 428)."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


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
    empty_text = gettext_lazy("A project that is submitted appears here; it waits for the people who may decide it.")
    scope = "review_list"

    def get_queryset(self) -> QuerySet[ReviewCase]:
        return selectors.list_reviews(viewer=self.person)

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"mine": set(selectors.inbox(viewer=self.person).values_list("pk", flat=True))}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        tabs = [{"text": text, "href": reverse(f"risk:{name}"), "current": name == self.scope} for name, text in SCOPES]
        return super().get_context_data(tabs=tabs, **extra)


class ReviewInbox(ReviewList):
    """What waits for this person."""

    scope = "review_inbox"
    empty_title = gettext_lazy("Nothing waits for you")
    empty_text = gettext_lazy("A case appears here when it reaches a stage that you may decide.")

    def get_queryset(self) -> QuerySet[ReviewCase]:
        return selectors.inbox(viewer=self.person)


class ReviewTeam(ReviewList):
    """Cases of the department's clients, and those in which its people sit."""

    scope = "review_team"

    def get_queryset(self) -> QuerySet[ReviewCase]:
        return selectors.team(viewer=self.person)


class CaseMixin(ObjectMixin):
    """A page about one case, found among the visible ones."""

    model = ReviewCase
    menu = MENU
    template_name = "risk/reviews/detail.html"
    crumbs: Any = ()
    panel_template = PANEL

    def get_object(self) -> ReviewCase:
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
        by_htmx = bool(self.request.htmx) and not self.request.htmx.boosted  # type: ignore[attr-defined]
        kept = ""
        if form is None or form_kind(form) != page.turn.mode:
            # What was typed into a form that this state no longer has is shown, never lost.
            kept = form.data.get("opinion", "") if form is not None else ""
            form = self.blank_form(page)
        response = self.page(
            status=status,
            template=self.panel_template if by_htmx and not stale else "",
            page=page,
            form=form,
            withdraw_form=withdraw_form or WithdrawForm(),
            stale=stale,
            kept=kept,
            version=self.object.version if version is None else version,
        )
        if by_htmx and stale:
            response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#content", "innerHTML"
        return response

    def blank_form(self, page: CasePage) -> Any:
        if page.turn.mode == "declare":
            return ConflictForm()
        return DecisionForm(options=page.decision.options) if page.turn.mode == "decide" else None

    def refuse(self, error: DomainError, **forms: Any) -> HttpResponse:
        """The service's refusal on the page, with what was typed. A case that moved on is shown as it stands now."""
        note_refusal(self.request, error)
        seen, self.object = self.object, self.get_object()
        if isinstance(error, Stale):
            return self.case_page(status=error.status, stale=self.compare(error), **forms)
        if isinstance(error, Conflict):
            return self.case_page(status=error.status, stale=[(_("Reason"), error.message)], **forms)
        kept = version_of(self.request)
        return self.case_page(status=error.status, version=seen.version if kept is None else kept, **forms)

    def check_turn(self) -> None:
        """Before a form is found wrong: an old case or another's turn is told first, as the service would."""
        check_turn(self.object, version_of(self.request), months=read_lookback_months(), by=self.person)

    def compare(self, error: DomainError) -> list[tuple[Any, Any]]:
        """What the case was when the form was opened, and what it is now, in words."""
        record = self.build_page().record
        now = [str(self.object.get_stage_display()), _("round %(number)d") % {"number": self.object.round}]
        last = record.opinions[0] if record.opinions else None
        rows: list[tuple[Any, Any]] = [
            (_("You saw"), _("version %(number)s") % {"number": self.request.POST.get("version") or "—"}),
            (_("Now"), " · ".join([_("version %(number)s") % {"number": self.object.version}, *now])),
        ]
        if last:
            words = Stage(self.object.stage).label if not last["verb"] else f"{last['stage']} · {last['at']}"
            rows.append((_("Last decision"), f"{last['name']} · {words}"))
        return rows


def told(error: NotPermitted, case: ReviewCase) -> NotPermitted:
    """The refusal with what its page says besides: what cannot be done, who can, where to go."""
    who = error.details.get("who_can") or []
    error.details |= {
        "headline": _("You cannot decide this case at the %(stage)s")
        % {"stage": str(case.get_stage_display()).lower()},
        "who": listed(who) if isinstance(who, list) else who,
        "instead": _("Read the case; tell the people who may decide what you know about it."),
        "url": case.get_absolute_url(),
        "url_text": _("Open the case"),
    }
    return error


def form_kind(form: Any) -> str:
    """Which state of the right column a form belongs to."""
    return "declare" if isinstance(form, ConflictForm) else "decide"


class ReviewDetail(CaseMixin, KernelDetailView):
    """The case page. Reading a dossier leaves a trace."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record_read("review.dossier_read", subject=self.object, by=self.person, data={"round": self.object.round})
        return self.case_page()


class ReviewConflict(CaseMixin):
    """POST: the declaration. No conflict opens the decision; a conflict is a recusal."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ConflictForm(request.POST)
        try:
            if not form.is_valid():
                self.check_turn()
                return self.case_page(form=form, status=422, version=version_of(request))
            has_conflict = form.cleaned_data["has_conflict"] == "yes"
            conflict_declare(
                case=self.object,
                has_conflict=has_conflict,
                text=form.cleaned_data["text"] if has_conflict else "",
                expected_version=version_of(request),
                by=self.person,
            )
        except NotVisible:
            raise
        except NotPermitted as error:
            raise told(error, self.object) from None
        except DomainError as error:
            add_domain_errors(form, error)
            return self.refuse(error, form=form)
        if request.htmx and not has_conflict:  # type: ignore[attr-defined]
            self.object = self.get_object()
            return self.case_page()
        return HttpResponseRedirect(self.after_declaring(has_conflict))

    def after_declaring(self, has_conflict: bool) -> str:
        # Who recused reads no further.
        return reverse("risk:review_inbox") if has_conflict else f"{self.object.get_absolute_url()}#decide"


class ReviewDecide(CaseMixin):
    """POST: the decision. With `add` only one more row is drawn, nothing is checked or decided."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        options = DecisionOptions(CaseRows(self.object, self.person))
        add = request.POST.get("add", "")
        form = DecisionForm(request.POST, options=options, add=add)
        if add:
            return self.case_page(form=unchecked(form), version=version_of(request))
        try:
            if not form.is_valid():
                self.check_turn()
                return self.case_page(form=form, status=422, version=version_of(request))
            decision_make(case=self.object, expected_version=version_of(request), by=self.person, **form.decided())
        except NotVisible:
            raise
        except NotPermitted as error:
            raise told(error, self.object) from None
        except DomainError as error:
            spread(form, error)
            return self.refuse(error, form=form)
        return HttpResponseRedirect(
            self.after_deciding(recused=VERBS[form.cleaned_data["verb"]].effect is Effect.LEAVE)
        )

    def after_deciding(self, *, recused: bool) -> str:
        return reverse("risk:review_inbox") if recused else self.object.get_absolute_url()


class ReviewWithdraw(CaseMixin):
    """POST: the makers take the case back."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = WithdrawForm(request.POST)
        if not form.is_valid():
            return self.case_page(withdraw_form=form, status=422, version=version_of(request))
        try:
            review_withdraw(
                case=self.object,
                reason=form.cleaned_data["reason"],
                expected_version=version_of(request),
                by=self.person,
            )
        except (NotPermitted, NotVisible):
            raise
        except DomainError as error:
            add_domain_errors(form, error)
            return self.refuse(error, withdraw_form=form)
        return HttpResponseRedirect(self.object.get_absolute_url())


class ReviewNudge(CaseMixin):
    """POST: ask those who may decide for their decision."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            people = review_nudge(case=self.object, by=self.person)
            messages.success(request, _("Reminded: %(names)s.") % {"names": listed(person.name for person in people)})
        except (NotPermitted, NotVisible):
            raise
        except DomainError as error:
            note_refusal(request, error)
            messages.error(request, str(error.message))
        return HttpResponseRedirect(self.object.get_absolute_url())


class ReviewPeople(CaseMixin):
    """Who may decide the present stage, and why each other holder of its role may not."""

    template_name = "risk/reviews/why_not.html"

    def get_title(self) -> str:
        return _("Why others cannot decide")

    def get_crumbs(self) -> Any:
        return [*super().get_crumbs(), (self.object.number, self.object.get_absolute_url())]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        turn = self.build_page().turn
        return self.page(
            stage=Stage(self.object.stage).label,
            rule=_("role: %(role)s; one person, one seat in a case; makers never decide")
            % {"role": Role(ROWS[self.object.stage].role).label},
            able=turn.able,
            unable=[(found.person, found.reason) for found in turn.unable],
        )


class ReviewSheet(CaseMixin):
    """The approval sheet as a PDF; printing it is recorded."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return sheet_response(CasePage(self.object, self.person), by=self.person)


def unchecked(form: DecisionForm) -> DecisionForm:
    """A bound form that shows what was typed and says nothing about it yet."""
    bound: list[Any] = [form, *form.items.forms, *form.conditions.forms]
    for one in bound:
        one._errors = {}
    return form


def spread(form: DecisionForm, error: DomainError) -> None:
    """Put the service's messages beside our fields; rows of items and conditions by their number."""
    left: dict[str, Any] = {}
    for name, texts in error.errors.items():
        head, _dot, rest = name.partition(".")
        if head == "dropped" and f"drop_{rest}" in form.fields:
            form.add_error(f"drop_{rest}", [str(text) for text in texts])
        elif form.field_of(name) in form.fields:
            form.add_error(form.field_of(name), [str(text) for text in texts])
        elif row := form.row_of(head, rest):
            row[0].add_error(row[1], [str(text) for text in texts])
        else:
            left[name] = texts
    for texts in left.values():
        for text in texts:
            form.add_error(None, str(text))
