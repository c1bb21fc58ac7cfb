"""The FilterSet of client requests, for page and API."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.file.filters import BoxesFilter, OwnerFilter
from clients.file.models import Client
from clients.file.selectors import matches
from clients.requests.models import ServiceRequest
from crm.kernel.people.models import Person
from crm.kernel.text.identifying import identifying_form
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.web.pickers import PickerFilter, visible
from crm.kernel.workdays import clock


class RequestFilter(KernelFilterSet):
    """`q` searches the client; `owner` handles it, `me` for who asks; `queue`: nobody has taken it."""

    q = django_filters.CharFilter(label=_("Client's name or code"), method="find", max_length=60)
    client = PickerFilter(label=_("Client"), queryset=visible(Client), url_name="clients:client_picker")
    owner = OwnerFilter(label=_("who handles it"), queryset=Person.objects.all(), url_name="person_picker")
    queue = django_filters.BooleanFilter(label=_("In the queue"), field_name="owner", lookup_expr="isnull")
    late = django_filters.BooleanFilter(label=_("First answer overdue"), method="by_late")
    kind = BoxesFilter(label=pgettext_lazy("request", "class"), choices=ServiceRequest.Kind.choices)
    channel = BoxesFilter(label=_("channel"), choices=ServiceRequest.Channel.choices)
    state = BoxesFilter(label=_("Status"), choices=ServiceRequest.State.choices)
    day_from = django_filters.DateFilter(label=_("From"), field_name="asked_at", lookup_expr="date__gte")
    day_until = django_filters.DateFilter(label=_("Until"), field_name="asked_at", lookup_expr="date__lte")
    ordering = KernelOrdering(
        fields=(("asked_at", "asked"), ("answer_by", "due")),
        field_labels={"asked_at": _("asked at"), "answer_by": _("first answer due")},
    )

    class Meta:
        model = ServiceRequest
        fields: list[str] = []

    def find(self, rows: QuerySet[ServiceRequest], name: str, text: str) -> QuerySet[ServiceRequest]:
        """By the client's name or code."""
        if not identifying_form(text):
            return rows
        return rows.filter(client__in=Client.objects.filter(matches(text)).values("pk"))

    def by_late(self, rows: QuerySet[ServiceRequest], name: str, is_asked: bool) -> QuerySet[ServiceRequest]:
        late = Q(state=ServiceRequest.State.OPEN, answer_by__lt=clock.now())
        return rows.filter(late if is_asked else ~late)
