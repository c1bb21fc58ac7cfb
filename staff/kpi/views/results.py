"""Reading: the table of a quarter, one's own sheet, anybody's sheet as far as one may see it."""

from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import may
from crm.kernel.web.views import KernelDetailView, KernelListView, KernelTemplateView
from staff.kpi.filters import KpiResultFilter
from staff.kpi.models import KpiPeriod, KpiResult
from staff.kpi.selectors import measures, seen
from staff.kpi.tables import KpiResultTable
from staff.kpi.views import words

MENU = "kpi"
ROWS_SHOWN = 20
TABS = 4


class KpiTable(KernelListView):
    """One quarter's results: those one may see. Without a quarter in the address, the newest."""

    model = KpiResult
    menu = MENU
    title = _("KPI")
    filterset_class = KpiResultFilter
    table_class = KpiResultTable
    template_name = "staff/kpi/table.html"
    empty_title = _("No KPI yet")
    empty_text = _(
        "A finance officer proposes a scheme for a post and a second person publishes it. After that the current "
        "quarter is computed every night."
    )

    @cached_property
    def period(self) -> KpiPeriod | None:
        return seen.period_shown(viewer=self.person, code=self.request.GET.get("period", ""))

    def get_queryset(self) -> QuerySet[KpiResult]:
        rows = seen.result_list(viewer=self.person)
        asked = self.request.GET.get("period")
        return rows if asked or self.period is None else rows.filter(period=self.period)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        period = self.period
        shown = {
            "period": period,
            "tabs": self.tabs(),
            "may_close": period and may(self.person, "close", period) and seen.is_closable(period),
        }
        return super().get_context_data(**shown, **extra)

    def tabs(self) -> list[dict[str, Any]]:
        """The last quarters as addresses."""
        last = seen.period_list(viewer=self.person).filter(computed_at__isnull=False)[:TABS]
        return [
            {"text": row.code, "href": f"?period={row.code}", "current": bool(self.period and row.pk == self.period.pk)}
            for row in last
        ]


class KpiMine(KernelTemplateView):
    """One's own newest sheet; without one, what would make one."""

    model = KpiResult
    menu = MENU
    title = _("My KPI")
    template_name = "staff/kpi/none.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = seen.newest_own(viewer=self.person)
        return HttpResponseRedirect(found.get_absolute_url()) if found else super().get(request, *args, **kwargs)


def change_of(result: KpiResult, former: KpiResult | None) -> Decimal | None:
    """By how much the score differs from the former quarter's: the points are out of different weights."""
    if former is None or result.score is None or former.score is None:
        return None
    return result.score - former.score


class KpiScorecard(KernelDetailView):
    """One person's sheet: total, quarters, where points were lost, every measure, the records behind the chosen one."""

    model = KpiResult
    menu = MENU
    template_name = "staff/kpi/scorecard.html"
    context_object_name = "result"

    def get_object(self, queryset: Any = None) -> KpiResult:
        return seen.result_get(viewer=self.person, pk=self.kwargs["pk"])

    def shown_evidence(self) -> list[Model]:
        return [self.object, self.object.period]

    def get_title(self) -> Any:
        return _("KPI · %(name)s") % {"name": self.object.kept.person.name}

    def get_crumbs(self) -> Any:
        return ((_("KPI"), f"{reverse('staff:kpi_table')}?period={self.object.period.code}"),)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        result = self.object
        document = words.opened(result)
        lines = words.lines_of(document)
        lost = words.most_lost(lines)
        asked = self.request.GET.get("measure", "")
        chosen = next((line for line in lines if line.code == asked), None)
        if chosen is None and not asked and lines:
            chosen = lost[0] if lost else lines[0]
        history = seen.history_of(viewer=self.person, result=result)
        former = next((row for row in reversed(history) if row.pk != result.pk), None)
        shown = {
            "groups": words.groups_of(lines),
            "lost": lost,
            "chosen": chosen,
            "behind": self.behind(document, chosen) if chosen else None,
            "history": history,
            "bars": words.bars(history, result),
            "change": change_of(result, former),
            "former": former,
            "corrections_here": sum(Decimal(row[1]) for row in document["corrections"]),
            "corrections": seen.corrections_of(viewer=self.person, result=result),
            "unmeasured": [line for line in lines if line.points is None],
            "may_correct": may(self.person, "correct", result) if result.period.is_closed else None,
            "objections_until": None if result.period.is_closed else seen.closing_from(result.period),
        }
        return super().get_context_data(**shown, **extra)

    def behind(self, document: dict[str, Any], chosen: words.Line) -> dict[str, Any]:
        """The records behind a line that this person may see, and how many more count."""
        found, visible = measures.behind(chosen.measure, chosen.known_rows, viewer=self.person, limit=ROWS_SHOWN)
        return {
            "rows": found,
            "more": visible - len(found),
            "hidden": len(chosen.rows) - visible,
            "sentence": words.sentence(chosen),
            "formula": words.formula(chosen),
            "rule": words.rule_of(self.object, document, chosen),
        }
