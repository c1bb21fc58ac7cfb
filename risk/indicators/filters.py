"""One FilterSet for the page of warnings and the API."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.file.models import Client
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.web.pickers import PickerFilter, visible
from crm.kernel.workdays import clock
from risk.indicators import selectors
from risk.indicators.models import Indicator, Level, WarningEpisode

ME = "me"
STATES = [
    ("open", pgettext_lazy("warning", "open")),
    ("unanswered", _("no response yet")),
    ("late", _("past the deadline")),
    ("watched", _("under observation")),
    ("closed", _("closed")),
]


class WarningFilter(KernelFilterSet):
    """`waiting=me`: what I must answer, or may close as the second person."""

    waiting = django_filters.ChoiceFilter(label=_("Waiting for"), choices=[(ME, _("me"))], method="waiting_for_me")
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state")
    level = django_filters.ChoiceFilter(label=_("Level"), choices=Level.choices)
    indicator = django_filters.MultipleChoiceFilter(label=_("Indicator"), choices=Indicator.choices)
    owner = django_filters.ChoiceFilter(label=_("Responsible"), choices=[(ME, _("me"))], method="owned")
    client = PickerFilter(label=_("Client"), queryset=visible(Client), url_name="clients:client_picker")
    ordering = KernelOrdering(
        fields=(("due_on", "due"), ("opened_on", "opened")),
        field_labels={"due_on": _("Due"), "opened_on": _("Opened")},
    )

    class Meta:
        model = WarningEpisode
        fields: list[str] = []

    def waiting_for_me(self, rows: QuerySet[WarningEpisode], name: str, value: str) -> QuerySet[WarningEpisode]:
        return rows.filter(pk__in=selectors.waiting_for(viewer=self.request.person).order_by().values("pk"))

    def owned(self, rows: QuerySet[WarningEpisode], name: str, value: str) -> QuerySet[WarningEpisode]:
        return rows.filter(owner=self.request.person)

    def in_state(self, rows: QuerySet[WarningEpisode], name: str, value: str) -> QuerySet[WarningEpisode]:
        if value == "closed":
            return rows.filter(closed_on__isnull=False)
        rows = rows.filter(closed_on__isnull=True)
        if value == "late":
            return rows.filter(selectors.late(clock.today()))
        if value == "unanswered":
            return rows.filter(responded_at__isnull=True, recovered_on__isnull=True)
        return rows.filter(recovered_on__isnull=False) if value == "watched" else rows
