"""The FilterSet of interactions, for page and API."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from clients.file.filters import BoxesFilter, OwnerFilter
from clients.file.models import Client
from clients.file.selectors import matches
from clients.relations.models import Interaction, Participant
from crm.kernel.people.models import Department, Person
from crm.kernel.text.identifying import identifying_form
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.web.pickers import PickerFilter, visible


class InteractionFilter(KernelFilterSet):
    """`q` searches the client; `person` is one of our participants, `me` for who asks."""

    q = django_filters.CharFilter(label=_("Client's name or code"), method="find", max_length=60)
    client = PickerFilter(label=_("Client"), queryset=visible(Client), url_name="clients:client_picker")
    person = OwnerFilter(
        label=_("Our participant"), queryset=Person.objects.all(), url_name="person_picker", method="by_person"
    )
    department = django_filters.ModelChoiceFilter(
        label=_("Department"), queryset=Department.objects.all(), method="by_department"
    )
    kind = BoxesFilter(label=_("Kind"), choices=Interaction.Kind.choices)
    state = BoxesFilter(label=_("Status"), choices=Interaction.State.choices)
    no_minutes = django_filters.BooleanFilter(label=_("Minutes missing"), method="by_minutes")
    day_from = django_filters.DateFilter(label=_("From"), field_name="starts_at", lookup_expr="date__gte")
    day_until = django_filters.DateFilter(label=_("Until"), field_name="starts_at", lookup_expr="date__lte")
    ordering = KernelOrdering(fields=(("starts_at", "starts"),), field_labels={"starts_at": _("Time")})

    class Meta:
        model = Interaction
        fields: list[str] = []

    def find(self, rows: QuerySet[Interaction], name: str, text: str) -> QuerySet[Interaction]:
        """By the client's name or code."""
        if not identifying_form(text):
            return rows
        clients: Any = Client.objects.filter(matches(text))
        return rows.filter(client__in=clients.values("pk"))

    @extend_schema_field(OpenApiTypes.STR)
    def by_person(self, rows: QuerySet[Interaction], name: str, person: Person | None) -> QuerySet[Interaction]:
        if person is None:
            return rows
        return rows.filter(Exists(Participant.objects.filter(interaction=OuterRef("pk"), person=person)))

    @extend_schema_field(OpenApiTypes.INT)
    def by_department(
        self, rows: QuerySet[Interaction], name: str, department: Department | None
    ) -> QuerySet[Interaction]:
        return rows if department is None else rows.filter(client__department__path__startswith=department.path)

    def by_minutes(self, rows: QuerySet[Interaction], name: str, is_asked: bool) -> QuerySet[Interaction]:
        missing = Q(state=Interaction.State.HELD, words="")
        return rows.filter(missing if is_asked else ~missing)
