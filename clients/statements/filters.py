"""The FilterSet of financial statements, for page and API."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.file.models import Client
from clients.file.selectors import matches
from clients.statements.models import Statement
from crm.kernel.text.identifying import identifying_form
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.web.pickers import PickerFilter, visible


class StatementFilter(KernelFilterSet):
    """`q` searches the client."""

    q = django_filters.CharFilter(label=_("Client's name or code"), method="find", max_length=60)
    client = PickerFilter(label=_("Client"), queryset=visible(Client), url_name="clients:client_picker")
    state = django_filters.ChoiceFilter(label=_("Status"), choices=Statement.State.choices)
    scope = django_filters.ChoiceFilter(label=pgettext_lazy("statement", "scope"), choices=Statement.Scope.choices)
    opinion = django_filters.ChoiceFilter(label=_("audit opinion"), choices=Statement.Opinion.choices)
    period_from = django_filters.DateFilter(label=_("Period from"), field_name="period_end", lookup_expr="gte")
    period_until = django_filters.DateFilter(label=_("Period until"), field_name="period_end", lookup_expr="lte")
    ordering = KernelOrdering(fields=(("period_end", "period"),), field_labels={"period_end": _("period end")})

    class Meta:
        model = Statement
        fields: list[str] = []

    def find(self, rows: QuerySet[Statement], name: str, text: str) -> QuerySet[Statement]:
        """By the client's name or code."""
        if not identifying_form(text):
            return rows
        clients: Any = Client.objects.filter(matches(text))
        return rows.filter(client__in=clients.values("pk"))
