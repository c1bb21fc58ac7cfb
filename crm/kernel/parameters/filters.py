"""Conditions of the published parameters in the API."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.kernel.parameters import selectors
from crm.kernel.parameters.models import ParameterVersion
from crm.kernel.web.filters import KernelFilterSet


class ParameterFilter(KernelFilterSet):
    """`on`: the one version of each parameter that holds on a day."""

    code = django_filters.CharFilter(label=_("code"), field_name="parameter__code", max_length=64)
    on = django_filters.DateFilter(label=_("In force on"), method="in_force")

    class Meta:
        model = ParameterVersion
        fields: list[str] = []

    def in_force(self, rows: QuerySet[ParameterVersion], name: str, value: object) -> QuerySet[ParameterVersion]:
        return rows.filter(pk__in=selectors.versions_in_force(on=value).values("pk"))  # type: ignore[arg-type]
