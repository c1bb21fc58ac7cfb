"""Published parameters over REST, to be read: whoever is judged by one may read it."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view

from crm.kernel.parameters import examples, selectors
from crm.kernel.parameters.filters import ParameterFilter
from crm.kernel.parameters.models import ParameterVersion
from crm.kernel.parameters.serializers import ParameterSerializer
from crm.kernel.web.api import KernelViewSet


@extend_schema_view(
    list=extend_schema(summary="Published parameters, all their versions or those of one day"),
    retrieve=extend_schema(summary="One version of a parameter", examples=[examples.READ]),
)
class ParameterViewSet(KernelViewSet):
    """Thresholds, limits, deadlines and tables with their dates; proposals and withdrawn ones are not among them."""

    model = ParameterVersion
    queryset = ParameterVersion.objects.all()
    serializer_class = ParameterSerializer
    filterset_class = ParameterFilter
    http_method_names = ["get"]

    def rows(self) -> QuerySet[ParameterVersion]:
        return selectors.published_list(viewer=self.person)


routes: list[tuple[str, Any, str]] = [("parameters", ParameterViewSet, "parameter")]
