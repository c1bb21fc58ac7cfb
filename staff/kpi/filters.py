"""One FilterSet for the KPI table and the API."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.kernel.people.models import Department
from crm.kernel.web.filters import KernelFilterSet, KernelOrdering
from staff.kpi.models import KpiPeriod, KpiResult

LOCKED = [("yes", _("Locked")), ("no", _("Preview"))]


class KpiResultFilter(KernelFilterSet):
    """Results by name, quarter, department and those below it, and whether the quarter is closed."""

    q = django_filters.CharFilter(label=_("Name"), field_name="person__name", lookup_expr="resembles", max_length=60)
    period = django_filters.ModelChoiceFilter(
        label=_("Quarter"), queryset=KpiPeriod.objects.all(), to_field_name="code", field_name="period"
    )
    department = django_filters.ModelChoiceFilter(
        label=_("Department"), queryset=Department.objects.all(), method="by_department"
    )
    closed = django_filters.ChoiceFilter(label=_("State"), choices=LOCKED, method="by_state")
    ordering = KernelOrdering(
        fields=(("ranking", "score"), ("person__name_pinyin", "person"), ("period__starts_on", "period")),
        field_labels={"ranking": _("Score"), "person__name_pinyin": _("Name"), "period__starts_on": _("Quarter")},
    )

    class Meta:
        model = KpiResult
        fields: list[str] = []

    def by_department(self, rows: QuerySet[KpiResult], name: str, department: Department) -> QuerySet[KpiResult]:
        return rows.filter(department__path__startswith=department.path)

    def by_state(self, rows: QuerySet[KpiResult], name: str, value: str) -> QuerySet[KpiResult]:
        return rows.filter(period__closed_at__isnull=value == "no")
