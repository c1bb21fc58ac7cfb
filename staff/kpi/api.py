"""KPI over REST: results, to read."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view

from crm.kernel.web.api import KernelViewSet
from staff.kpi import examples
from staff.kpi.filters import KpiResultFilter
from staff.kpi.models import KpiResult
from staff.kpi.selectors import seen
from staff.kpi.serializers import KpiResultSerializer, KpiSheetSerializer


@extend_schema_view(
    list=extend_schema(summary="KPI results this person may see"),
    retrieve=extend_schema(summary="One result with its sheet", responses=KpiSheetSerializer, examples=[examples.READ]),
)
class KpiResultViewSet(KernelViewSet):
    """Results the caller may see: their own, a head's department, all for finance and audit."""

    model = KpiResult
    queryset = KpiResult.objects.all()
    serializer_class = KpiResultSerializer
    filterset_class = KpiResultFilter
    changed_at = ("computed_at",)

    def rows(self) -> QuerySet[KpiResult]:
        return seen.result_list(viewer=self.person)

    def get_serializer_class(self) -> Any:
        return KpiSheetSerializer if self.action == "retrieve" else KpiResultSerializer

    def get_object(self) -> KpiResult:
        return seen.result_get(viewer=self.person, pk=int(self.kwargs["pk"]))


routes: list[tuple[str, Any, str]] = [("kpi/results", KpiResultViewSet, "kpi-result")]
