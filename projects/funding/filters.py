"""The FilterSets of contracts and draw-downs, for page and API."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.selectors import matches
from crm.kernel.text.identifying import identifying_form
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from projects.funding.models import Contract, Drawdown


class ContractFilter(KernelFilterSet):
    """`q` searches the contract number and the client."""

    q = django_filters.CharFilter(label=_("Contract number or client"), method="find", max_length=60)
    project = django_filters.NumberFilter(label=_("project"), field_name="project")
    state = django_filters.ChoiceFilter(label=_("Status"), choices=Contract.State.choices)
    ordering = KernelOrdering(
        fields=(("signed_on", "signed"), ("matures_on", "matures"), ("amount", "amount")),
        field_labels={"signed_on": _("signed on"), "matures_on": _("matures on"), "amount": _("Amount")},
    )

    class Meta:
        model = Contract
        fields: list[str] = []

    def find(self, rows: QuerySet[Contract], name: str, text: str) -> QuerySet[Contract]:
        """By the beginning of the contract number, or by the client's name or code."""
        if not identifying_form(text):
            return rows
        clients: Any = Client.objects.filter(matches(text))
        return rows.filter(Q(number__istartswith=text.strip()) | Q(project__client__in=clients.values("pk")))


class DrawdownFilter(KernelFilterSet):
    """Draw-downs by contract and status."""

    contract = django_filters.NumberFilter(label=_("contract"), field_name="contract")
    state = django_filters.ChoiceFilter(label=_("Status"), choices=Drawdown.State.choices)

    class Meta:
        model = Drawdown
        fields: list[str] = []
