"""The pages of warnings: the list, one explained, the answer, the closing, the fragment on the client's page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.file.models import Client
from crm.kernel.access.checks import may
from crm.kernel.web.fragments import KernelPanelView
from crm.kernel.web.views import KernelActionView, KernelDetailView, KernelListView, KernelView
from crm.kernel.workdays import clock
from crm.kernel.worklist.selectors import todo_above
from risk.indicators import selectors, services
from risk.indicators.filters import ME, WarningFilter
from risk.indicators.forms import CloseForm, RespondForm
from risk.indicators.models import WarningEpisode
from risk.indicators.selectors.explain import explain, sentence
from risk.indicators.tables import WarningTable

MENU = "warnings"


class WarningList(KernelListView):
    model = WarningEpisode
    menu = MENU
    title = _("Warnings")
    selector = selectors.warning_list
    filterset_class = WarningFilter
    table_class = WarningTable
    template_name = "risk/indicators/list.html"
    empty_title = _("No warnings yet")
    empty_text = _("Every night all indicators are evaluated for all clients. Amber and red results appear here.")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        chosen = self.request.GET
        ways = (
            (_("All"), "", ""),
            (_("Waiting for me"), "waiting", ME),
            (pgettext_lazy("warning", "Open"), "state", "open"),
            (_("Red"), "level", "red"),
            (_("Past the deadline"), "state", "late"),
            (_("Closed"), "state", "closed"),
        )
        tabs = [
            {
                "text": text,
                "href": f"?{name}={value}" if name else self.request.path,
                "current": chosen.get(name) == value if name else not chosen,
            }
            for text, name, value in ways
        ]
        if not self.is_fragment:
            extra |= {"figures": selectors.figures(viewer=self.person), "night": selectors.last_night()}
        return super().get_context_data(tabs=tabs, **extra)


class WarningPage(KernelView):
    """What the pages about one warning share."""

    model = WarningEpisode
    menu = MENU
    object: Any

    def get_object(self, queryset: Any = None) -> WarningEpisode:
        return selectors.warning_get(viewer=self.person, pk=self.kwargs["pk"])

    def get_crumbs(self) -> Any:
        return ((_("Warnings"), reverse("risk:warning_list")),)

    def get_title(self) -> Any:
        return f"{self.object.get_indicator_display()} · {self.object.kept.client.name}"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        warning = self.object
        left = selectors.days_left([warning], clock.today()).get(warning.pk)
        shown = {"warning": warning, "told": explain(warning, viewer=self.person), "left": left}
        return super().get_context_data(**{**shown, **extra})


class WarningDetail(WarningPage, KernelDetailView):
    """One warning explained, with its history and whose move it is."""

    template_name = "risk/indicators/detail.html"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        warning = self.object
        acts = {action: may(self.person, action, warning) for action in ("respond", "close")}
        ready = warning.responded_at is not None or warning.recovered_on is not None
        waits = warning.is_open and not any(acts.values())
        return super().get_context_data(
            history=selectors.history_of(warning),
            may=acts,
            is_ready=ready,
            late=todo_above(viewer=self.person, subject=warning) if waits else None,
            **extra,
        )


class WarningRespond(WarningPage, KernelActionView):
    action = "respond"
    form_class = RespondForm
    template_name = "risk/indicators/act.html"
    title = _("Respond to the warning")
    submit_label = _("Submit the response")
    success_message = _("The response is recorded; a second person must close the warning.")
    consequence = _("The deadline stops. The response cannot be changed; a second person reviews it before closing.")

    def perform(self, form: RespondForm) -> WarningEpisode:
        return services.warning_respond(
            warning=self.object, expected_version=self.expected_version, by=self.person, **form.cleaned_data
        )


class WarningClose(WarningPage, KernelActionView):
    action = "close"
    form_class = CloseForm
    template_name = "risk/indicators/act.html"
    title = _("Close the warning")
    submit_label = _("Close the warning")
    success_message = _("The warning is closed.")
    consequence = _(
        "A closed warning cannot be changed. If the indicator is still amber or red, a new warning opens when "
        "the facts change, the level rises or the quiet period ends."
    )

    def perform(self, form: CloseForm) -> WarningEpisode:
        return services.warning_close(
            warning=self.object, expected_version=self.expected_version, by=self.person, **form.cleaned_data
        )


class ClientWarnings(KernelPanelView):
    """The client's open warnings."""

    model = Client
    template_name = "risk/indicators/_panel.html"
    list_url_name, list_filter = "risk:warning_list", "client"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        rows = list(selectors.open_of(viewer=self.person, client=self.object))
        left = selectors.days_left(rows, clock.today())
        return super().get_context_data(rows=[(row, sentence(row), left.get(row.pk)) for row in rows], **extra)
