"""KPI over REST: results, to read."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.web.api import KernelViewSet
from staff.kpi.filters import KpiResultFilter
from staff.kpi.models import KpiResult
from staff.kpi.selectors import seen
from staff.kpi.serializers import KpiResultSerializer, KpiSheetSerializer

RESULT = {
    "id": 31,
    "period": "2026Q3",
    "is_closed": True,
    "person": 3,
    "person_name": "林晓雯",
    "department": 2,
    "department_name": "客户一部",
    "post": 1,
    "scheme": 1,
    "points": "74.40",
    "measured": "85.00",
    "document_sha256": "0f" * 32,
    "computed_at": "2026-10-15T09:00:00+08:00",
}
LINE = {
    "measure": "financings_approved",
    "definition": 1,
    "dimension": "volume",
    "state": "measured",
    "value": "80000000",
    "points": "32",
    "weight": "40",
    "rows": 1,
}
READ = OpenApiExample("A locked result", response_only=True, value={**RESULT, "lines": [LINE]})


class KpiResultViewSet(KernelViewSet):
    """Results the caller may see: their own, a head's department, all for finance and audit."""

    model = KpiResult
    queryset = KpiResult.objects.all()
    serializer_class = KpiResultSerializer
    filterset_class = KpiResultFilter

    def rows(self) -> QuerySet[KpiResult]:
        return seen.result_list(viewer=self.person)

    def get_serializer_class(self) -> Any:
        return KpiSheetSerializer if self.action == "retrieve" else KpiResultSerializer

    @extend_schema(summary="KPI results this person may see")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One result with its sheet", responses=KpiSheetSerializer, examples=[READ])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(seen.result_get(viewer=self.person, pk=int(self.kwargs["pk"])))


routes: list[tuple[str, Any, str]] = [("kpi/results", KpiResultViewSet, "kpi-result")]
