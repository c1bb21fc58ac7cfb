"""The FilterSets of instalments, repayments and plans, for page and API."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from clients.file.selectors import matches
from crm.kernel.text.identifying import identifying_form
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from crm.kernel.web.widgets import DayInput
from projects.servicing.models import Instalment, Repayment, RepaymentPlan
from projects.servicing.states import STANDINGS


class InstalmentFilter(KernelFilterSet):
    """`q` searches the contract number and the client; `standing` is as of today."""

    q = django_filters.CharFilter(label=_("Contract number or client"), method="find", max_length=60)
    contract = django_filters.NumberFilter(label=_("contract"), field_name="plan__contract")
    standing = django_filters.ChoiceFilter(label=_("Status"), choices=STANDINGS, field_name="standing")
    due_before = django_filters.DateFilter(
        label=_("Due until"), field_name="due_on", lookup_expr="lte", widget=DayInput()
    )
    ordering = KernelOrdering(fields=(("due_on", "due"),), field_labels={"due_on": _("due on")})

    class Meta:
        model = Instalment
        fields: list[str] = []

    def find(self, rows: QuerySet[Instalment], name: str, text: str) -> QuerySet[Instalment]:
        """By the beginning of the contract number, or by the client's name or code."""
        if not identifying_form(text):
            return rows
        clients: Any = Client.objects.filter(matches(text))
        number = Q(plan__contract__number__istartswith=text.strip())
        return rows.filter(number | Q(plan__contract__project__client__in=clients.values("pk")))


class RepaymentFilter(KernelFilterSet):
    """Repayments by contract, status and bank reference."""

    contract = django_filters.NumberFilter(label=_("contract"), field_name="contract")
    state = django_filters.ChoiceFilter(label=_("Status"), choices=Repayment.State.choices)
    reference = django_filters.CharFilter(label=_("bank reference"), field_name="reference", max_length=60)

    class Meta:
        model = Repayment
        fields: list[str] = []


class RepaymentPlanFilter(KernelFilterSet):
    """Plans by contract and status."""

    contract = django_filters.NumberFilter(label=_("contract"), field_name="contract")
    state = django_filters.ChoiceFilter(label=_("Status"), choices=RepaymentPlan.State.choices)

    class Meta:
        model = RepaymentPlan
        fields: list[str] = []
