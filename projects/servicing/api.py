"""Plans, instalments, repayments and the balance of a contract over REST."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.access.checks import get_visible
from crm.kernel.web.api import KernelActs, KernelViewSet, NoInput, act
from projects.funding.models import Contract
from projects.funding.selectors import contract_list
from projects.servicing import examples, selectors, services
from projects.servicing.filters import InstalmentFilter, RepaymentFilter, RepaymentPlanFilter
from projects.servicing.models import Instalment, Repayment, RepaymentPlan
from projects.servicing.serializers import (
    ContractBalanceSerializer,
    InstalmentSerializer,
    RepaymentInput,
    RepaymentPlanInput,
    RepaymentPlanSerializer,
    RepaymentSerializer,
    ServicingReasonInput,
)

OF_CONTRACT = [OpenApiParameter("contract_pk", int, OpenApiParameter.PATH)]


class ContractPlanViewSet(KernelActs):
    """Laying a plan, under its contract."""

    model = RepaymentPlan
    queryset = RepaymentPlan.objects.all()
    serializer_class = RepaymentPlanSerializer

    def rows(self) -> QuerySet[RepaymentPlan]:
        return selectors.plan_list(viewer=self.person)

    @extend_schema(
        summary="Lay a repayment plan",
        description="Of the principal not yet due, by who works on the project. 400 for instalments that do not sum.",
        parameters=OF_CONTRACT,
        request=RepaymentPlanInput,
        responses={201: RepaymentPlanSerializer},
        examples=[examples.LAY],
    )
    def create(self, request: Request, *args: Any, contract_pk: str, **kwargs: Any) -> Response:
        contract = get_visible(Contract, self.person, pk=contract_pk)
        laid = services.plan_lay(contract=contract, by=self.person, **self.read_body(RepaymentPlanInput))
        return self.answer(self.rows().get(pk=laid.pk), status=201)


@extend_schema_view(list=extend_schema(summary="Repayment plans"), retrieve=extend_schema(summary="One plan"))
class RepaymentPlanViewSet(KernelViewSet):
    """Plans with their instalments."""

    model = RepaymentPlan
    queryset = RepaymentPlan.objects.all()
    serializer_class = RepaymentPlanSerializer
    filterset_class = RepaymentPlanFilter

    def rows(self) -> QuerySet[RepaymentPlan]:
        return selectors.plan_list(viewer=self.person)

    def read_back(self, result: Any) -> Any:
        return self.rows().get(pk=result.pk)

    @act(
        NoInput,
        answers=RepaymentPlanSerializer,
        summary="Confirm a repayment plan",
        description="By a second person. 409 if something was paid or fell due since it was laid.",
        has_version=False,
    )
    def confirm(self, plan: RepaymentPlan) -> RepaymentPlan:
        return services.plan_confirm(plan=plan, by=self.person)

    @act(
        ServicingReasonInput,
        answers=RepaymentPlanSerializer,
        summary="Decline a repayment plan",
        examples=[examples.NO],
        has_version=False,
    )
    def refuse(self, plan: RepaymentPlan, **given: Any) -> RepaymentPlan:
        return services.plan_refuse(plan=plan, by=self.person, **given)


@extend_schema_view(list=extend_schema(summary="Instalments that count"), retrieve=extend_schema(summary="One of them"))
class InstalmentViewSet(KernelViewSet):
    """What is due when, and how much of it is paid."""

    model = Instalment
    queryset = Instalment.objects.all()
    serializer_class = InstalmentSerializer
    filterset_class = InstalmentFilter
    changed_with = {"projects.repaymentplan": "plan_id"}
    changed_at = ("counted_at",)

    def rows(self) -> QuerySet[Instalment]:
        return selectors.instalment_list(viewer=self.person)


class ContractRepaymentViewSet(KernelActs):
    """Booking a repayment, under its contract."""

    model = Repayment
    queryset = Repayment.objects.all()
    serializer_class = RepaymentSerializer

    def rows(self) -> QuerySet[Repayment]:
        return selectors.repayment_list(viewer=self.person).prefetch_related("parts")

    @extend_schema(
        summary="Book a repayment",
        description=(
            "By the bank's reference: the same sent twice answers the repayment that is booked, another one under the "
            "same reference is 409. 422 with the figure for more than is owed, and for what is not due yet unless "
            "`is_prepayment`."
        ),
        parameters=OF_CONTRACT,
        request=RepaymentInput,
        responses={201: RepaymentSerializer},
        examples=[examples.BOOK],
    )
    def create(self, request: Request, *args: Any, contract_pk: str, **kwargs: Any) -> Response:
        contract = get_visible(Contract, self.person, pk=contract_pk)
        booked = services.repayment_book(contract=contract, by=self.person, **self.read_body(RepaymentInput))
        return self.answer(self.rows().get(pk=booked.pk), status=201)


@extend_schema_view(list=extend_schema(summary="Repayments"), retrieve=extend_schema(summary="One repayment"))
class RepaymentViewSet(KernelViewSet):
    """Repayments with what they covered."""

    model = Repayment
    queryset = Repayment.objects.all()
    serializer_class = RepaymentSerializer
    filterset_class = RepaymentFilter

    def rows(self) -> QuerySet[Repayment]:
        return selectors.repayment_list(viewer=self.person).prefetch_related("parts")

    def read_back(self, result: Any) -> Any:
        return self.rows().get(pk=result.pk)

    @act(
        ServicingReasonInput,
        answers=RepaymentSerializer,
        summary="Reverse a repayment",
        description="By a second person; what follows from it is booked anew by lines of today.",
        examples=[examples.REVERSE],
        has_version=False,
    )
    def reverse(self, repayment: Repayment, **given: Any) -> Repayment:
        return services.repayment_reverse(repayment=repayment, by=self.person, **given)


class ContractBalanceViewSet(KernelActs):
    """The balance of a contract today, by the contract's id."""

    model = Contract
    queryset = Contract.objects.all()
    serializer_class = ContractBalanceSerializer

    def rows(self) -> QuerySet[Contract]:
        return contract_list(viewer=self.person)

    @extend_schema(summary="The balance of a contract today", responses={200: ContractBalanceSerializer})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        contract = self.get_object()
        ledger = selectors.ledger_of(contract, list(selectors.current_instalments(contract)))
        return Response(ContractBalanceSerializer(ledger).data)


routes: list[tuple[str, Any, str]] = [
    (r"contracts/(?P<contract_pk>\d{1,18})/plans", ContractPlanViewSet, "contract-plan"),
    (r"contracts/(?P<contract_pk>\d{1,18})/repayments", ContractRepaymentViewSet, "contract-repayment"),
    ("contract-balances", ContractBalanceViewSet, "contract-balance"),
    ("repayment-plans", RepaymentPlanViewSet, "plan"),
    ("instalments", InstalmentViewSet, "instalment"),
    ("repayments", RepaymentViewSet, "repayment"),
]
