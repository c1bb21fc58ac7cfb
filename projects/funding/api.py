"""Contracts, paid-in capital and draw-downs over REST."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import parsers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.access.checks import get_visible
from crm.kernel.web.api import KernelActs, KernelViewSet, NoInput, act
from crm.kernel.web.parsers import StrictJSONParser
from projects.deals.models import Project
from projects.funding import examples, selectors, services
from projects.funding.filters import ContractFilter, DrawdownFilter
from projects.funding.models import CapitalPayment, Contract, Drawdown
from projects.funding.serializers import (
    CapitalInput,
    CapitalSerializer,
    ContractInput,
    ContractSerializer,
    DrawdownInput,
    DrawdownPayInput,
    DrawdownSerializer,
    FundingReasonInput,
)

OF_CONTRACT = [OpenApiParameter("contract_pk", int, OpenApiParameter.PATH)]


@extend_schema_view(
    list=extend_schema(summary="Contracts this person may see"), retrieve=extend_schema(summary="One contract")
)
class ContractViewSet(KernelViewSet):
    """Contracts of approved projects with what is drawn."""

    model = Contract
    queryset = Contract.objects.all()
    serializer_class = ContractSerializer
    filterset_class = ContractFilter

    def rows(self) -> QuerySet[Contract]:
        return selectors.contract_list(viewer=self.person)

    def read_back(self, result: Any) -> Any:
        return self.rows().get(pk=result.pk)

    @act(
        NoInput,
        answers=ContractSerializer,
        summary="Confirm a contract",
        description="By a second person, who compared it with the approval. It can be drawn from now on.",
        has_version=False,
    )
    def confirm(self, contract: Contract) -> Contract:
        return services.contract_confirm(contract=contract, by=self.person)

    @act(
        FundingReasonInput,
        answers=ContractSerializer,
        summary="Decline a contract",
        examples=[examples.NO],
        has_version=False,
    )
    def refuse(self, contract: Contract, **given: Any) -> Contract:
        return services.contract_refuse(contract=contract, by=self.person, **given)


class ProjectContractViewSet(KernelActs):
    """Entering a contract, under its project."""

    model = Contract
    queryset = Contract.objects.all()
    serializer_class = ContractSerializer
    parser_classes = (parsers.MultiPartParser, StrictJSONParser)

    def rows(self) -> QuerySet[Contract]:
        return selectors.contract_list(viewer=self.person)

    @extend_schema(
        summary="Enter the signed contract",
        description="By who works on the project. 422 for a term above the approval, 409 for a second contract.",
        parameters=[OpenApiParameter("project_pk", int, OpenApiParameter.PATH)],
        request={"multipart/form-data": ContractInput},
        responses={201: ContractSerializer},
        examples=[examples.ENTER],
    )
    def create(self, request: Request, *args: Any, project_pk: str, **kwargs: Any) -> Response:
        project = get_visible(Project, self.person, pk=project_pk)
        entered = services.contract_enter(project=project, by=self.person, **self.read_body(ContractInput))
        return self.answer(self.rows().get(pk=entered.pk), status=201)


class ContractCapitalViewSet(KernelActs):
    """Paid-in capital, under its contract."""

    model = CapitalPayment
    queryset = CapitalPayment.objects.all()
    serializer_class = CapitalSerializer
    parser_classes = (parsers.MultiPartParser, StrictJSONParser)

    def rows(self) -> QuerySet[CapitalPayment]:
        return selectors.capital_list(viewer=self.person)

    @extend_schema(
        summary="Enter paid-in capital",
        parameters=OF_CONTRACT,
        request={"multipart/form-data": CapitalInput},
        responses={201: CapitalSerializer},
        examples=[examples.CAPITAL],
    )
    def create(self, request: Request, *args: Any, contract_pk: str, **kwargs: Any) -> Response:
        contract = get_visible(Contract, self.person, pk=contract_pk)
        entered = services.capital_enter(contract=contract, by=self.person, **self.read_body(CapitalInput))
        return self.answer(self.rows().get(pk=entered.pk), status=201)


@extend_schema_view(
    list=extend_schema(summary="Paid-in capital"), retrieve=extend_schema(summary="One payment of capital")
)
class CapitalViewSet(KernelViewSet):
    """Capital that was paid in."""

    model = CapitalPayment
    queryset = CapitalPayment.objects.all()
    serializer_class = CapitalSerializer

    def rows(self) -> QuerySet[CapitalPayment]:
        return selectors.capital_list(viewer=self.person)

    @act(
        NoInput,
        answers=CapitalSerializer,
        summary="Confirm paid-in capital",
        description="By a second person; it counts for draw-downs from now on.",
        has_version=False,
    )
    def confirm(self, payment: CapitalPayment) -> CapitalPayment:
        return services.capital_confirm(payment=payment, by=self.person)


class ContractDrawdownViewSet(KernelActs):
    """Asking for a draw-down, under its contract."""

    model = Drawdown
    queryset = Drawdown.objects.all()
    serializer_class = DrawdownSerializer

    def rows(self) -> QuerySet[Drawdown]:
        return selectors.drawdown_list(viewer=self.person)

    @extend_schema(
        summary="Request a draw-down",
        description="By who works on the project. The sum of the payees is the draw-down.",
        parameters=OF_CONTRACT,
        request=DrawdownInput,
        responses={201: DrawdownSerializer},
        examples=[examples.DRAW],
    )
    def create(self, request: Request, *args: Any, contract_pk: str, **kwargs: Any) -> Response:
        contract = get_visible(Contract, self.person, pk=contract_pk)
        asked = services.drawdown_request(contract=contract, by=self.person, **self.read_body(DrawdownInput))
        return self.answer(self.rows().get(pk=asked.pk), status=201)


@extend_schema_view(list=extend_schema(summary="Draw-downs"), retrieve=extend_schema(summary="One draw-down"))
class DrawdownViewSet(KernelViewSet):
    """Draw-downs with their payees."""

    model = Drawdown
    queryset = Drawdown.objects.all()
    serializer_class = DrawdownSerializer
    filterset_class = DrawdownFilter

    def rows(self) -> QuerySet[Drawdown]:
        return selectors.drawdown_list(viewer=self.person)

    def read_back(self, result: Any) -> Any:
        return self.rows().get(pk=result.pk)

    @act(
        NoInput,
        answers=DrawdownSerializer,
        summary="Release a draw-down",
        description="By a second person. 422 with every test that fails; 409 once decided.",
        has_version=False,
    )
    def release(self, drawdown: Drawdown) -> Drawdown:
        return services.drawdown_release(drawdown=drawdown, by=self.person)

    @act(
        FundingReasonInput,
        answers=DrawdownSerializer,
        summary="Decline a draw-down",
        examples=[examples.NO],
        has_version=False,
    )
    def refuse(self, drawdown: Drawdown, **given: Any) -> Drawdown:
        return services.drawdown_refuse(drawdown=drawdown, by=self.person, **given)

    @extend_schema(
        summary="Report the payment of a draw-down",
        description="By a third person, of the back office, with the voucher (multipart).",
        request={"multipart/form-data": DrawdownPayInput},
        responses={200: DrawdownSerializer},
        examples=[examples.PAY],
    )
    @action(detail=True, methods=["post"], parser_classes=[parsers.MultiPartParser, StrictJSONParser])
    def pay(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = self.read_body(DrawdownPayInput)
        paid = services.drawdown_pay(drawdown=self.get_object(), by=self.person, **given)
        return self.answer(self.read_back(paid))


routes: list[tuple[str, Any, str]] = [
    (r"projects/(?P<project_pk>\d{1,18})/contracts", ProjectContractViewSet, "project-contract"),
    ("contracts", ContractViewSet, "contract"),
    (r"contracts/(?P<contract_pk>\d{1,18})/capital", ContractCapitalViewSet, "contract-capital"),
    (r"contracts/(?P<contract_pk>\d{1,18})/drawdowns", ContractDrawdownViewSet, "contract-drawdown"),
    ("capital-payments", CapitalViewSet, "capital"),
    ("drawdowns", DrawdownViewSet, "drawdown"),
]
