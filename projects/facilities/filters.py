"""The FilterSet of facilities in force, for page and API."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.selectors import matches
from crm.kernel.text.identifying import identifying_form
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.web.pickers import PickerFilter, visible
from projects.facilities.models import Facility


class FacilityFilter(KernelFilterSet):
    """`q` searches the contract number and the client."""

    q = django_filters.CharFilter(label=_("Contract number or client"), method="find", max_length=60)
    client = PickerFilter(label=_("Client"), queryset=visible(Client), url_name="clients:client_picker")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Facility.Kind.choices)
    state = django_filters.ChoiceFilter(label=_("Status"), choices=Facility.State.choices)
    matures_before = django_filters.DateFilter(label=_("Matures before"), field_name="matures_on", lookup_expr="lt")
    ordering = KernelOrdering(
        fields=(("approved_on", "approved"), ("matures_on", "matures"), ("amount", "amount")),
        field_labels={"approved_on": _("approved on"), "matures_on": _("matures on"), "amount": _("Amount")},
    )

    class Meta:
        model = Facility
        fields: list[str] = []

    def find(self, rows: QuerySet[Facility], name: str, text: str) -> QuerySet[Facility]:
        """By the beginning of the contract number, or by the client's name or code."""
        if not identifying_form(text):
            return rows
        clients: Any = Client.objects.filter(matches(text))
        return rows.filter(Q(contract_no__istartswith=text.strip()) | Q(client__in=clients.values("pk")))
