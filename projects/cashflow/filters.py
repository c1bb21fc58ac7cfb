"""The FilterSet of cash-flow models, for page and API."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.selectors import matches as client_matches
from crm.kernel.text.identifying import identifying_form
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from projects.cashflow.models import CashflowModel
from projects.deals.models import Project
from projects.deals.selectors import matches


class CashflowFilter(KernelFilterSet):
    """`q` searches the project and the client."""

    q = django_filters.CharFilter(label=_("Project or client"), method="find", max_length=60)
    project = django_filters.NumberFilter(label=_("project"), field_name="project")
    state = django_filters.ChoiceFilter(label=_("Status"), choices=CashflowModel.State.choices)
    verdict = django_filters.ChoiceFilter(label=_("verdict"), choices=CashflowModel.Verdict.choices)
    revenue_type = django_filters.ChoiceFilter(label=_("revenue type"), choices=CashflowModel.RevenueType.choices)
    ordering = KernelOrdering(
        fields=(("id", "made"), ("min_dscr", "cover")),
        field_labels={"id": _("entered at"), "min_dscr": _("lowest DSCR")},
    )

    class Meta:
        model = CashflowModel
        fields: list[str] = []

    def find(self, rows: QuerySet[CashflowModel], name: str, text: str) -> QuerySet[CashflowModel]:
        """By the project's name, or by the client's name or code."""
        if not identifying_form(text):
            return rows
        clients: Any = Client.objects.filter(client_matches(text))
        named: Any = Project.objects.filter(matches(text))
        return rows.filter(Q(project__in=named.values("pk")) | Q(project__client__in=clients.values("pk")))
