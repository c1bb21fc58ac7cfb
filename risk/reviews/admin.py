"""The review in the admin site: the inbox as a change list, the case page in the admin's frame, the same executor.

Nothing here is a model form: the case page posts to addresses of its own that call the services the pages call.
Decided rows are read-only for everyone, as all rows are under `KernelAdmin`.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.access.errors import NotVisible
from crm.kernel.audit.services import record_read
from crm.kernel.text import numbers
from crm.kernel.web import html
from crm.kernel.web.admin import KernelAdmin
from crm.kernel.workdays import clock
from risk.reviews import menu, selectors
from risk.reviews.models import Condition, Decision, ReviewCase
from risk.reviews.tables import days_left, due_badge, people, shown_grade, stage_badge
from risk.reviews.views.acts import ReviewConflict, ReviewDecide
from risk.reviews.views.case.links import AdminLinks
from risk.reviews.views.case.page import CasePage
from risk.reviews.views.cases import CaseMixin, ReviewDetail

TABS = ("decide", "dossier", "changes", "opinions", "conditions", "seats")


class WhoseFilter(admin.SimpleListFilter):
    """Waiting for me, unless the reader says otherwise or can decide nothing."""

    title = gettext_lazy("whose turn")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        decides = menu.decides(request.person)  # type: ignore[attr-defined]
        self.default = "me" if decides else "all"
        return [("me", _("Waiting for me")), ("all", _("All I can view"))]

    def value(self) -> str:
        chosen = super().value()
        return chosen if chosen in ("me", "all") else self.default

    def choices(self, changelist: ChangeList) -> Any:
        for value, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": self.value() == value, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return selectors.filter_waiting_for(queryset, request.person)  # type: ignore[attr-defined]


class InboxList(ChangeList):
    """The rows of one page with what the columns say about them, read for all rows at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        left = days_left(rows, clock.today())
        mine = selectors.map_mine(rows, viewer=request.person)  # type: ignore[attr-defined]
        for case in rows:
            case.left, case.mine = left.get(case.pk), case.pk in mine
        self.result_list = rows


class AdminFace(CaseMixin):
    """What the case views need to stand in the admin's frame."""

    template_name = "admin/risk/review_case.html"
    panel_template = template_name
    model_admin: ClassVar[Any] = None

    def build_page(self) -> CasePage:
        # What becomes of a condition is said on the pages.
        return CasePage(self.object, self.person, links=AdminLinks, acts_on_conditions=False)

    def get_title(self) -> str:
        return str(self.object.number)

    def get_page_url(self) -> str:
        return reverse("admin:risk_reviewcase_change", args=[self.object.pk])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        context = self.model_admin.admin_site.each_context(self.request)
        found = super().get_context_data(**extra)
        page: CasePage = found["page"]
        tab = self.request.GET.get("tab", "")
        tab = tab if tab in TABS else TABS[0]
        return {
            **context,
            **found,
            "opts": self.model_admin.opts,
            "tab": tab,
            "tabs": self.tabs(page, tab),
            "list_url": reverse("admin:risk_reviewcase_changelist"),
            "next_url": self.next_url(),
        }

    def tabs(self, page: CasePage, current: str) -> list[dict[str, Any]]:
        """The parts of the case with how much lies in each."""
        words = {
            "decide": (_("Decision"), None),
            "dossier": (_("Dossier"), len(page.dossier.documents)),
            "changes": (_("Differences"), page.differences.count),
            "opinions": (_("Opinions"), len(page.record.opinions)),
            "conditions": (_("Conditions"), len(page.conditions.rows)),
            "seats": (_("Seats and recusals"), len(page.rows.seats)),
        }
        return [
            {"text": text, "count": count, "href": f"{page.links.url}?tab={name}", "current": name == current}
            for name, (text, count) in words.items()
        ]

    def next_url(self) -> str:
        """The next case that waits for this person; empty when there is none."""
        following = selectors.inbox(viewer=self.person).exclude(pk=self.object.pk).values_list("pk", flat=True).first()
        return reverse("admin:risk_reviewcase_change", args=[following]) if following else ""


class AdminDetail(AdminFace, ReviewDetail):
    """The case page."""


class AdminConflict(AdminFace, ReviewConflict):
    """The declaration, posted from the admin."""

    def after_declaring(self, has_conflict: bool) -> str:
        if has_conflict:
            return reverse("admin:risk_reviewcase_changelist")
        return reverse("admin:risk_reviewcase_change", args=[self.object.pk])


class AdminDecide(AdminFace, ReviewDecide):
    """The decision, posted from the admin."""

    def after_deciding(self, *, recused: bool) -> str:
        if recused:
            return reverse("admin:risk_reviewcase_changelist")
        return reverse("admin:risk_reviewcase_change", args=[self.object.pk])


class AdminHistory(AdminFace):
    """What happened to the case: its rounds and decisions, nothing editable."""

    template_name = "admin/risk/review_history.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record_read("review.dossier_read", subject=self.object, by=self.person, data={"round": self.object.round})
        return self.render_to_response(self.get_context_data(page=self.build_page()))


@admin.register(ReviewCase)
class ReviewCaseAdmin(KernelAdmin):
    """Inbox and case page. No status can be written: the case moves by decisions only."""

    list_display = ("case", "client", "grade", "amount", "stage_now", "due", "waiting_for")
    list_display_links = ("case",)
    list_filter = (WhoseFilter, "status", "stage")
    list_select_related = selectors.CASE_JOINS
    search_fields = ("number", "project__name", "project__client__name")
    search_help_text = gettext_lazy("Number, project or client")
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["css/reviews.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return InboxList

    @admin.display(description=gettext_lazy("Case"))
    def case(self, obj: ReviewCase) -> SafeString:
        below = " · ".join([obj.number, _("round %(number)d") % {"number": obj.round}])
        return format_html('{}<span class="sec">{}</span>', obj.project.name, below)

    @admin.display(description=gettext_lazy("Client"))
    def client(self, obj: ReviewCase) -> str:
        return str(obj.kept.project.client)

    @admin.display(description=gettext_lazy("Grade"))
    def grade(self, obj: ReviewCase) -> SafeString:
        return html.grade(shown_grade(obj))

    @admin.display(description=gettext_lazy("Amount (CNY 10,000)"))
    def amount(self, obj: ReviewCase) -> SafeString:
        return format_html('<span class="num">{}</span>', numbers.money_wan(obj.project.amount, unit=False))

    @admin.display(description=gettext_lazy("Stage"))
    def stage_now(self, obj: Any) -> SafeString:
        return stage_badge(obj, mine=obj.mine)

    @admin.display(description=gettext_lazy("Waiting for"))
    def waiting_for(self, obj: ReviewCase) -> Any:
        if not obj.is_open:
            return html.nothing()
        since = _("since %(since)s") % {"since": numbers.moment_short(obj.stage_since, clock.today())}
        return format_html('{}<span class="sec">{}</span>', people(obj.waiting_for), since)

    @admin.display(description=gettext_lazy("Due"))
    def due(self, obj: Any) -> Any:
        return due_badge(obj, obj.left)

    def get_urls(self) -> list[URLPattern]:
        def wrapped(view: type[AdminFace]) -> Any:
            return self.admin_site.admin_view(view.as_view(model_admin=self))

        return [
            path("<int:pk>/decide/", wrapped(AdminDecide), name="risk_reviewcase_decide"),
            path("<int:pk>/conflict/", wrapped(AdminConflict), name="risk_reviewcase_conflict"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {"title": _("Reviews"), **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        return AdminDetail.as_view(model_admin=self)(request, pk=number(object_id))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        return AdminHistory.as_view(model_admin=self)(request, pk=number(object_id))


def number(text: str) -> int:
    """The id of an address of the admin; anything else names nothing."""
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    raise NotVisible


@admin.register(Condition)
class ConditionAdmin(KernelAdmin):
    """The conditions of all cases; they are made and dropped by decisions, reported and settled on the pages."""

    list_display = ("text", "case", "kind", "owner", "due_text", "due_on", "blocking", "status")
    list_filter = ("status", "kind", "blocking")
    list_select_related = ("case", "owner")
    search_fields = ("text", "case__number")


@admin.register(Decision)
class DecisionAdmin(KernelAdmin):
    """Every decision, as it was written once."""

    list_display = ("case", "round", "stage", "verb", "person", "principal", "letter", "decided_at")
    list_filter = ("stage", "verb")
    list_select_related = ("case", "person", "principal", "cover")
    search_fields = ("case__number", "person__name")

    @admin.display(description=gettext_lazy("letter number"))
    def letter(self, obj: Decision) -> Any:
        return obj.cover.letter_no if obj.cover else html.nothing()
