"""Cash-flow models over REST: entered under the project, filled, submitted, confirmed, followed by a new version."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.access.checks import get_visible
from crm.kernel.web.api import KernelActs, KernelViewSet, act
from projects.cashflow import examples, selectors, services
from projects.cashflow.filters import CashflowFilter
from projects.cashflow.models import CashflowModel
from projects.cashflow.serializers import (
    CashflowFiguresInput,
    CashflowInput,
    CashflowReadSerializer,
    CashflowReasonInput,
    CashflowSerializer,
    CashflowVersionInput,
    read_inputs,
)
from projects.deals.models import Project


@extend_schema_view(
    list=extend_schema(summary="Cash-flow models of the projects this person may see"),
    retrieve=extend_schema(summary="One version with inputs, result and periods", responses=CashflowReadSerializer),
)
class CashflowViewSet(KernelViewSet):
    """Cash-flow models; amounts in 10 thousand yuan, rates in percent, both as typed."""

    model = CashflowModel
    queryset = CashflowModel.objects.all()
    serializer_class = CashflowSerializer
    filterset_class = CashflowFilter

    def rows(self) -> QuerySet[CashflowModel]:
        return selectors.cashflow_list(viewer=self.person)

    def read_back(self, result: Any) -> Any:
        return self.rows().get(pk=result.pk)

    def get_serializer_class(self) -> Any:
        return CashflowReadSerializer if self.action == "retrieve" else CashflowSerializer

    @act(
        CashflowFiguresInput,
        answers=CashflowSerializer,
        summary="Replace the inputs and compute",
        description="By who works on the project. A text that is no figure stays in the draft; `problems` of the "
        "version names it with its line and period.",
        examples=[examples.FIGURES],
    )
    def figures(self, model: CashflowModel, *, expected_version: int | None, **given: Any) -> CashflowModel:
        return services.cashflow_save(
            model=model, inputs=read_inputs(given), expected_version=expected_version, by=self.person
        )

    @act(
        CashflowVersionInput,
        answers=CashflowSerializer,
        summary="Submit for confirmation",
        description="409 while the inputs cannot be computed.",
        examples=[examples.NOTHING],
    )
    def check(self, model: CashflowModel, *, expected_version: int | None) -> CashflowModel:
        return services.cashflow_check(model=model, expected_version=expected_version, by=self.person)

    @act(
        CashflowVersionInput,
        answers=CashflowSerializer,
        summary="Confirm",
        description="By a second person. The version confirmed before is superseded.",
        examples=[examples.NOTHING],
    )
    def confirm(self, model: CashflowModel, *, expected_version: int | None) -> CashflowModel:
        return services.cashflow_confirm(model=model, expected_version=expected_version, by=self.person)

    @act(
        CashflowReasonInput,
        answers=CashflowSerializer,
        summary="Return with a reason",
        examples=[examples.WHY],
        path="return",
    )
    def send_back(self, model: CashflowModel, *, expected_version: int | None, **given: Any) -> CashflowModel:
        return services.cashflow_return(model=model, expected_version=expected_version, by=self.person, **given)

    @act(
        CashflowVersionInput,
        answers=CashflowSerializer,
        summary="Start a new version",
        description="Answers the new draft with the same inputs.",
        examples=[examples.NOTHING],
    )
    def copy(self, model: CashflowModel, *, expected_version: int | None) -> CashflowModel:
        return services.cashflow_copy(model=model, expected_version=expected_version, by=self.person)

    @act(
        CashflowReasonInput,
        answers=CashflowSerializer,
        summary="Discard a version that nobody has confirmed",
        examples=[examples.WHY],
    )
    def discard(self, model: CashflowModel, *, expected_version: int | None, **given: Any) -> CashflowModel:
        return services.cashflow_discard(model=model, expected_version=expected_version, by=self.person, **given)


class ProjectCashflowViewSet(KernelActs):
    """Entering a version, under its project."""

    model = CashflowModel
    queryset = CashflowModel.objects.all()
    serializer_class = CashflowSerializer

    def rows(self) -> QuerySet[CashflowModel]:
        return selectors.cashflow_list(viewer=self.person)

    @extend_schema(
        summary="Enter a cash-flow model",
        description="A draft that begins with what the project says. By who works on the project; 409 while another "
        "version is open or a review holds the project.",
        parameters=[OpenApiParameter("project_pk", int, OpenApiParameter.PATH)],
        request=CashflowInput,
        responses={201: CashflowSerializer},
        examples=[examples.NEW],
    )
    def create(self, request: Request, *args: Any, project_pk: str, **kwargs: Any) -> Response:
        project = get_visible(Project, self.person, pk=project_pk)
        made = services.cashflow_create(project=project, by=self.person, **self.read_body(CashflowInput))
        return self.answer(self.rows().get(pk=made.pk), status=201)


routes: list[tuple[str, Any, str]] = [
    (r"projects/(?P<project_pk>\d{1,18})/cashflow-models", ProjectCashflowViewSet, "project-cashflow"),
    ("cashflow-models", CashflowViewSet, "cashflow"),
]
