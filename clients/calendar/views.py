"""The calendar of whoever looks: month, week or agenda, drawn by the server."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.calendar.rules import spans
from clients.calendar.selectors import days_of
from clients.relations.menu import may_record
from clients.relations.models import Interaction
from crm.kernel.web.views import KernelTemplateView
from crm.kernel.workdays import clock

MENU = "calendar"
TITLE = pgettext_lazy("appointments", "Calendar")
WORDS = {spans.MONTH: _("Month"), spans.WEEK: _("Week"), spans.AGENDA: pgettext_lazy("appointments", "Agenda")}
WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


class Calendar(KernelTemplateView):
    """One's own interactions, to-dos and absences. An address that names no day or view shows this month."""

    model = Interaction
    menu = MENU
    title = TITLE
    template_name = "clients/calendar/calendar.html"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        view, day, today = self._view(), self._day(), clock.today()
        first, last = spans.find_span(view, day)
        month = day.month if view == spans.MONTH else None
        days = days_of(person=self.person, first=first, last=last, month=month)
        shown = {
            "mode": view,
            "days": days,
            "weeks": [days[place : place + 7] for place in range(0, len(days), 7)],
            "weekdays": WEEKDAYS,
            "names": dict(enumerate(WEEKDAYS)),
            "first": first,
            "last": last,
            "month": day.replace(day=1) if month else None,
            "views": [
                {"text": word, "href": _link(code, day), "current": code == view} for code, word in WORDS.items()
            ],
            "before": _link(view, spans.step(view, day, is_next=False)),
            "after": _link(view, spans.step(view, day, is_next=True)),
            "now": _link(view, today),
            "today": today,
            "plan_url": reverse("clients:interaction_create") if may_record(self.person) else "",
            "overlapping": sum(entry.overlaps for one in days for entry in one.entries),
            "absent": sum(entry.is_absent for one in days for entry in one.entries),
        }
        return super().get_context_data(**shown, **extra)

    def _view(self) -> str:
        asked = self.request.GET.get("view", "")
        return asked if asked in spans.VIEWS else spans.MONTH

    def _day(self) -> date:
        today = clock.today()
        try:
            day = date.fromisoformat(self.request.GET.get("day", ""))
        except ValueError:
            return today
        return day if abs(day - today) <= spans.FURTHEST else today


def _link(view: str, day: date) -> str:
    return f"{reverse('clients:calendar')}?view={view}&day={day.isoformat()}"
