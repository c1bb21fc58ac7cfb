"""Conditions of the working calendar in the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.kernel.web.filters import KernelFilterSet
from crm.kernel.workdays.models import CalendarDay


class CalendarDayFilter(KernelFilterSet):
    """`first` and `last` are days, both included."""

    first = django_filters.DateFilter(label=_("first day"), field_name="date", lookup_expr="gte")
    last = django_filters.DateFilter(label=_("last day"), field_name="date", lookup_expr="lte")
    is_workday = django_filters.BooleanFilter(label=_("working day"))
    status = django_filters.ChoiceFilter(label=_("status"), choices=CalendarDay.Status.choices)

    class Meta:
        model = CalendarDay
        fields: list[str] = []
