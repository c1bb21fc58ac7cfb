"""The pages of series: list, start, one with its periods and agenda, its acts, the panels of client and project."""

from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.policies import CHANGE
from crm.kernel.people.models import Person
from crm.kernel.web.fragments import KernelPanelView
from crm.kernel.web.views import (
    KernelActionView,
    KernelCreateView,
    KernelDetailView,
    KernelListView,
    KernelUpdateView,
    KernelView,
)
from crm.kernel.workdays import clock
from projects.deals.models import Project
from projects.series import forms, selectors, services
from projects.series.filters import SeriesFilter
from projects.series.models import Series, SeriesPeriod
from projects.series.policies import WORK
from projects.series.tables import SeriesTable
from projects.series.workflow import select_periods, select_series

MENU = "series"
TITLE = _("Series of meetings")
CRUMB = (TITLE, reverse_lazy("projects:series_list"))
HALVES = {"kind": "half", "project": "half", "weekday": "half", "at": "half"}
MORNING = time(10)


def series_rows(*, viewer: Person) -> QuerySet[Series]:
    """The rows of the list."""
    return selectors.with_now(selectors.series_list(viewer=viewer))


class SeriesList(KernelListView):
    """Series with the clients one may see."""

    model = Series
    menu = MENU
    title = TITLE
    noun = _("series")
    selector = staticmethod(series_rows)
    filterset_class = SeriesFilter
    table_class = SeriesTable
    template_name = "projects/series/list.html"
    search_label = _("Client's name or code")
    create_url_name = "projects:series_create"
    create_label = _("Start a series")
    empty_title = _("No series yet")
    empty_text = _("Weekly project meetings, executive dialogues and yearly forums appear here once they are started.")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        chosen = self.request.GET
        is_mine, is_missed = chosen.get("owner") in ("me", str(self.person.pk)), chosen.get("missed") == "true"
        tabs = [
            {"text": _("My clients"), "href": "?owner=me&running=true", "current": is_mine},
            {"text": _("Meeting missed"), "href": "?missed=true", "current": is_missed},
            {"text": _("All I can view"), "href": self.request.path, "current": not (is_mine or is_missed)},
        ]
        return super().get_context_data(tabs=tabs, **extra)


class SeriesCreate(KernelCreateView):
    """Start a series."""

    model = Series
    menu = MENU
    form_class = forms.SeriesForm
    title = _("Start a series")
    submit_label = _("Start the series")
    success_message = _("The series is started; its first meetings are in the calendar.")
    crumbs = (CRUMB,)
    cancel_url = reverse_lazy("projects:series_list")
    layout = HALVES

    def get_initial(self) -> dict[str, Any]:
        """A link from a client's or a project's page names it."""
        initial: dict[str, Any] = {"at": MORNING}
        if key := _key(self.request.GET.get("project", "")):
            project = Project.objects.visible_to(self.person).select_related("client__owner").filter(pk=key).first()
            if project is not None:
                return {**initial, "client": project.client, "project": project, "kind": Series.Kind.WEEKLY}
        if key := _key(self.request.GET.get("client", "")):
            rows = Client.objects.visible_to(self.person, CHANGE).select_related("owner")
            initial["client"] = rows.filter(pk=key).first()
        return initial

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.person}

    def perform(self, form: forms.SeriesForm) -> Series:
        return services.series_start(by=self.person, **form.cleaned_data)


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


class _SeriesPage(KernelView):
    """What the pages about one series share."""

    model = Series
    menu = MENU

    def get_object(self, queryset: Any = None) -> Series:
        return self.ask_object(select_series())  # type: ignore

    def get_crumbs(self) -> Any:
        row = self.object  # type: ignore[attr-defined]
        return (CRUMB, (row.client.name, row.client.get_absolute_url()))


class SeriesDetail(_SeriesPage, KernelDetailView):
    """One series: when, who must be there, the agenda of the next meeting, period by period."""

    also_asked = (WORK,)
    template_name = "projects/series/detail.html"

    def get_object(self, queryset: Any = None) -> Series:
        return self.ask_object(selectors.with_members(select_series()))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        row = self.object
        members, periods = list(row.members.all()), selectors.periods_of(row)
        may_work = bool(self.may(WORK, row)) and row.is_running
        shown = {
            "row": row,
            "ours": [one.person for one in members if one.person is not None],
            "theirs": [one.contact for one in members if one.contact is not None],
            "agenda": selectors.agenda_of(row, viewer=self.person) if row.is_running else None,
            "periods": [(one, selectors.list_missing(one, members)) for one in periods],
            "may_work": may_work,
        }
        return super().get_context_data(**shown, **extra)


class SeriesUpdate(_SeriesPage, KernelUpdateView):
    """Change when, where and who; what is arranged stays."""

    action = WORK
    form_class = forms.SeriesChangeForm
    title = _("Change the series")
    success_message = _("The series is changed; the next meetings follow it.")
    layout = HALVES

    def get_initial(self) -> dict[str, Any]:
        members = list(self.object.members.select_related("person", "contact"))
        return {
            **super().get_initial(),
            "people": [one.person for one in members if one.person is not None],
            "contacts": [one.contact for one in members if one.contact is not None],
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        known = (kwargs.get("initial") or self.get_initial())["people"]
        return {**kwargs, "series": self.object, "known": known}

    def perform(self, form: forms.SeriesChangeForm) -> Series:
        changes = dict(form.cleaned_data)
        return services.series_change(
            series=self.object, changes=changes, expected_version=self.expected_version, by=self.person
        )


class SeriesEnd(_SeriesPage, KernelActionView):
    """End it."""

    action = WORK
    form_class = forms.EndForm
    title = _("End the series")
    submit_label = _("End the series")
    success_message = _("The series has ended.")
    consequence = _("Its planned meetings are cancelled with this reason. What was held stays.")

    def perform(self, form: forms.EndForm) -> Series:
        reason = form.cleaned_data["reason"]
        return services.series_end(
            series=self.object, reason=reason, expected_version=self.expected_version, by=self.person
        )


class _PeriodAct(KernelActionView):
    """A form about one period; its rows carry no version."""

    model = SeriesPeriod
    menu = MENU
    action = WORK

    def get_object(self, queryset: Any = None) -> SeriesPeriod:
        return self.ask_object(select_periods())

    def get_crumbs(self) -> Any:
        row = self.object.series
        return (CRUMB, (row.title, row.get_absolute_url()))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(**{**extra, "version": None})


class PeriodArrange(_PeriodAct):
    """Arrange its meeting."""

    form_class = forms.ArrangeForm
    title = _("Arrange the meeting")
    submit_label = _("Arrange the meeting")
    success_message = _("The meeting is arranged.")

    def get_initial(self) -> dict[str, Any]:
        row = self.object
        day = max(row.first_on, min(clock.today(), row.last_on))
        return {"starts_at": datetime.combine(day, row.series.at, clock.SHANGHAI)}

    def perform(self, form: forms.ArrangeForm) -> SeriesPeriod:
        return services.period_arrange(period=self.object, by=self.person, **form.cleaned_data)


class PeriodExplain(_PeriodAct):
    """Say why its meeting was not held."""

    form_class = forms.ExplainForm
    title = _("Explain the missed meeting")
    submit_label = _("Save the explanation")
    success_message = _("The explanation is saved; this period no longer alarms.")
    consequence = _("The words stay in the series with this period; they cannot be changed.")

    def perform(self, form: forms.ExplainForm) -> SeriesPeriod:
        return services.period_explain(period=self.object, by=self.person, **form.cleaned_data)


class ClientSeries(KernelPanelView):
    """On the client's page: its running series."""

    model = Client
    template_name = "projects/series/_panel.html"
    list_url_name = "projects:series_list"
    list_filter = "client"
    also_asked = (CHANGE,)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        shown = {
            "rows": selectors.panel_of(viewer=self.person, client=self.object),
            "may_start": self.may(CHANGE, self.object),
            "start_url": f"{reverse('projects:series_create')}?client={self.object.pk}",
            "list_url": f"{reverse('projects:series_list')}?client={self.object.pk}",
        }
        return super().get_context_data(**shown, **extra)


class ProjectSeries(KernelPanelView):
    """On the project's page: its running series."""

    model = Project
    template_name = "projects/series/_panel.html"
    list_url_name = "projects:series_list"
    list_filter = "project"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        client = Client.objects.visible_to(self.person, CHANGE).filter(pk=self.object.client_id)
        shown = {
            "rows": selectors.panel_of(viewer=self.person, project=self.object),
            "may_start": client.exists(),
            "start_url": f"{reverse('projects:series_create')}?project={self.object.pk}",
            "list_url": f"{reverse('projects:series_list')}?project={self.object.pk}",
        }
        return super().get_context_data(**shown, **extra)
