"""The calendar of whoever looks: month, week or agenda, drawn by the server."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.generic import View

from clients.calendar import services
from clients.calendar.forms import FeedForm
from clients.calendar.ics import write_calendar
from clients.calendar.models import CalendarFeed
from clients.calendar.rules import spans
from clients.calendar.selectors import appointments_of, days_of, feed_of
from clients.relations.menu import may_record
from clients.relations.models import Interaction
from crm.kernel.web.views import KernelFormView, KernelTemplateView
from crm.kernel.workdays import clock

MENU = "calendar"
TITLE = pgettext_lazy("appointments", "Calendar")
WORDS = {spans.MONTH: _("Month"), spans.WEEK: _("Week"), spans.AGENDA: pgettext_lazy("appointments", "Agenda")}
# What a feed tells: a month back, half a year ahead.
PAST, AHEAD, MOST_EVENTS = timedelta(days=31), timedelta(days=183), 2000
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


class FeedPage(KernelFormView):
    """One's own feed: open it, see its address once, end it."""

    without_model = True
    form_class = FeedForm
    menu = MENU
    title = _("Calendar feed")
    crumbs = ((TITLE, reverse_lazy("clients:calendar")),)
    template_name = "clients/calendar/feed.html"
    submit_label = _("Open a feed")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        feed = CalendarFeed.objects.visible_to(self.person).filter(revoked_at__isnull=True).first()
        return super().get_context_data(**{"feed": feed, "address": "", **extra})

    def perform(self, form: FeedForm) -> str:
        if "revoke" in self.request.POST:
            services.feed_revoke(by=self.person)
            return ""
        return services.feed_open(names_clients=form.cleaned_data["names_clients"], by=self.person)

    def form_valid(self, form: FeedForm) -> HttpResponse:
        token = self.perform(form)
        path = reverse("clients:calendar_ics", args=[token]) if token else ""
        address = f"{settings.SITE_URL}{path}" if token else ""
        return self.render_to_response(self.get_context_data(form=self.get_form_class()(), address=address))


class FeedFile(View):
    """The feed itself, for programs: whoever has the address reads it; any other address is 404."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        feed = feed_of(token)
        if feed is None:
            raise Http404
        services.feed_note_read(feed=feed, by=feed.person)
        today = clock.today()
        rows = appointments_of(feed.person, today - PAST, today + AHEAD)
        body = write_calendar(rows[:MOST_EVENTS], names_clients=feed.names_clients)
        headers = {"Cache-Control": "private, no-store"}
        return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


def _link(view: str, day: date) -> str:
    return f"{reverse('clients:calendar')}?view={view}&day={day.isoformat()}"
