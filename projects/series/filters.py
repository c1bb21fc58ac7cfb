"""The FilterSets of series and their periods, for page and API."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clients.file.filters import BoxesFilter, OwnerFilter
from clients.file.models import Client
from clients.file.selectors import matches
from crm.kernel.people.models import Person
from crm.kernel.text.identifying import identifying_form
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.web.pickers import PickerFilter, visible
from projects.series.models import Series, SeriesPeriod


class SeriesFilter(KernelFilterSet):
    """`q` searches the client; `owner` is its account manager, `me` for who asks."""

    q = django_filters.CharFilter(label=_("Client's name or code"), method="find", max_length=60)
    client = PickerFilter(label=_("Client"), queryset=visible(Client), url_name="clients:client_picker")
    project = django_filters.NumberFilter(label=_("Project"), field_name="project")
    owner = OwnerFilter(
        label=_("Account manager"), queryset=Person.objects.all(), url_name="person_picker", field_name="client__owner"
    )
    kind = BoxesFilter(label=_("Kind"), choices=Series.Kind.choices)
    running = django_filters.BooleanFilter(label=_("Running"), field_name="ended_on", lookup_expr="isnull")
    missed = django_filters.BooleanFilter(label=_("Meeting missed"), method="by_missed")
    ordering = KernelOrdering(fields=(("started_on", "started"),), field_labels={"started_on": _("since")})

    class Meta:
        model = Series
        fields: list[str] = []

    def find(self, rows: QuerySet[Series], name: str, text: str) -> QuerySet[Series]:
        """By the client's name or code."""
        if not identifying_form(text):
            return rows
        clients: Any = Client.objects.filter(matches(text))
        return rows.filter(client__in=clients.values("pk"))

    def by_missed(self, rows: QuerySet[Series], name: str, is_asked: bool) -> QuerySet[Series]:
        """Whether a meeting of it was missed and nobody has said why."""
        red = SeriesPeriod.objects.filter(
            series=OuterRef("pk"), level=SeriesPeriod.Level.RED, explained_at__isnull=True
        )
        return rows.filter(Q(Exists(red)) if is_asked else ~Q(Exists(red)))


class SeriesPeriodFilter(KernelFilterSet):
    """Periods by series, level and day."""

    series = django_filters.NumberFilter(label=_("Series of meetings"), field_name="series")
    level = django_filters.ChoiceFilter(label=_("level"), choices=SeriesPeriod.Level.choices[1:])
    day = django_filters.DateFilter(label=_("Day"), method="by_day")

    class Meta:
        model = SeriesPeriod
        fields: list[str] = []

    def by_day(self, rows: QuerySet[SeriesPeriod], name: str, day: Any) -> QuerySet[SeriesPeriod]:
        """The periods that a day lies in."""
        return rows.filter(first_on__lte=day, last_on__gte=day)
