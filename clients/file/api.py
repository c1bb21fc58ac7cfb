"""`/api/v1/clients/`: the client file for other systems."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clients.file import selectors, services
from clients.file.filters import ClientFilter
from clients.file.models import Client
from clients.file.serializers import ClientConfirmInput, ClientInput, ClientPatch, ClientSerializer
from crm.kernel.access.checks import require
from crm.kernel.web.api import IF_MATCH, IF_MATCH_OR_BODY, KernelViewSet

COMPANY = OpenApiExample(
    "A company",
    request_only=True,
    value={
        "name": "福建闽江水务有限公司",
        "client_type": "company",
        "credit_code": "91350100M000100Y43",
        "industry": "46",
        "region": "350100",
        "size": "medium",
    },
)
CORRECTION = OpenApiExample("New address", request_only=True, value={"address": "福州市鼓楼区五四路 1 号"})
CONFIRMATION = OpenApiExample(
    "Held against the register", request_only=True, value={"source": "国家企业信用信息公示系统"}
)
READ = OpenApiExample(
    "A company on file",
    response_only=True,
    value={
        "id": 17,
        "name": "福建闽江水务有限公司",
        "client_type": "company",
        "credit_code": "91350100M000100Y43",
        "industry": "46",
        "region": "350100",
        "size": "medium",
        "address": "",
        "legal_representative": "",
        "confirmed_on": None,
        "confirmed_source": "",
        "identity_number": None,
        "owner": 4,
        "owner_name": "林晓雯",
        "department": 2,
        "department_name": "客户一部",
        "grade": "AA",
        "grade_until": "2027-03-31",
        "exposure": "80000000.00",
        "created_at": "2026-11-20T10:00:00+08:00",
        "version": 1,
    },
)


class ClientViewSet(KernelViewSet):
    """Clients this person may see."""

    model = Client
    queryset = Client.objects.all()
    serializer_class = ClientSerializer
    filterset_class = ClientFilter

    def rows(self) -> QuerySet[Client]:
        return selectors.client_list(viewer=self.person)

    @extend_schema(summary="Clients this person may see")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One client", examples=[READ])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="File a client",
        description="409 names `credit_code` when the client is on file already, `name` when one of this name is; "
        "the latter goes through with `confirm_same_name`.",
        request=ClientInput,
        responses={201: ClientSerializer},
        examples=[COMPANY, READ],
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        # Before the body is looked at: who may not file is not told what a right body would be.
        require(self.person, "create", Client)
        client = services.client_create(by=self.person, **ClientInput(data=request.data).validated())
        return self.answer(client, status=201)

    @extend_schema(
        summary="Change a client's facts",
        parameters=[IF_MATCH],
        request=ClientPatch,
        responses=ClientSerializer,
        examples=[CORRECTION, READ],
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        client = self.get_object()
        given = ClientPatch(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        changes = dict(given.validated_data)
        confirmed = changes.pop("confirm_same_name", False)
        changed = services.client_update(
            client=client,
            changes=changes,
            expected_version=self.expected_version(),
            confirm_same_name=confirmed,
            by=self.person,
        )
        return self.answer(changed)

    @extend_schema(
        summary="Confirm a client's facts as of today",
        description="By the account manager or a co-manager, who says against which register or paper they were held.",
        parameters=[IF_MATCH_OR_BODY],
        request=ClientConfirmInput,
        responses=ClientSerializer,
        examples=[CONFIRMATION, READ],
    )
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        client = self.get_object()
        return self.answer(services.client_confirm(client=client, by=self.person, **self.given(ClientConfirmInput)))
