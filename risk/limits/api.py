"""Limits over REST: propose one under its client, list them, the word of who was asked."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from clients.file.models import Client
from crm.kernel.access.checks import get_visible
from crm.kernel.web.api import KernelActs, KernelViewSet, act
from risk.limits import examples, selectors, services
from risk.limits.filters import CreditLimitFilter
from risk.limits.models import CreditLimit
from risk.limits.serializers import CreditLimitSerializer, LimitApproveInput, LimitDeclineInput, LimitInput


@extend_schema_view(
    list=extend_schema(summary="Credit limits that this person may see"),
    retrieve=extend_schema(summary="One credit limit", examples=[examples.READ]),
)
class CreditLimitViewSet(KernelViewSet):
    """Limits that the caller may see."""

    model = CreditLimit
    queryset = CreditLimit.objects.all()
    serializer_class = CreditLimitSerializer
    filterset_class = CreditLimitFilter

    def rows(self) -> QuerySet[CreditLimit]:
        return selectors.limit_list(viewer=self.person)

    @act(
        LimitApproveInput,
        answers=CreditLimitSerializer,
        summary="Approve a credit limit",
        description="By the approver who was asked. 422 when today's figures give less; 409 once it is decided.",
        examples=[examples.YES, examples.READ],
        has_version=False,
    )
    def approve(self, limit: CreditLimit, **given: Any) -> CreditLimit:
        return services.limit_approve(limit=limit, by=self.person, **given)

    @act(
        LimitDeclineInput,
        answers=CreditLimitSerializer,
        summary="Decline a credit limit",
        examples=[examples.NO],
        has_version=False,
    )
    def decline(self, limit: CreditLimit, **given: Any) -> CreditLimit:
        """By the approver who was asked, with a reason."""
        return services.limit_decline(limit=limit, by=self.person, **given)


class ClientLimitViewSet(KernelActs):
    """Proposing a limit, under the client it is for."""

    model = CreditLimit
    queryset = CreditLimit.objects.all()
    serializer_class = CreditLimitSerializer

    def rows(self) -> QuerySet[CreditLimit]:
        return selectors.limit_list(viewer=self.person)

    @extend_schema(
        summary="Propose a credit limit for a client",
        description="By a risk assessor who does not work on the client. 422 `unknown_terms` names what the formula "
        "lacks, `above_formula` an amount above it, `not_a_decider` an approver whose authority does not reach it.",
        parameters=[OpenApiParameter("client_pk", int, OpenApiParameter.PATH)],
        request=LimitInput,
        responses={201: CreditLimitSerializer},
        examples=[examples.NEW, examples.READ],
    )
    def create(self, request: Request, *args: Any, client_pk: str, **kwargs: Any) -> Response:
        client = get_visible(Client, self.person, pk=client_pk)
        given = self.read_body(LimitInput)
        return self.answer(services.limit_propose(client=client, by=self.person, **given), status=201)


routes: list[tuple[str, Any, str]] = [
    (r"clients/(?P<client_pk>\d{1,18})/credit-limits", ClientLimitViewSet, "client-credit-limit"),
    ("credit-limits", CreditLimitViewSet, "credit-limit"),
]
