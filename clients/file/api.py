"""`/api/v1/clients/`: the client file for other systems."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from clients.file import examples, selectors, services
from clients.file.filters import ClientFilter
from clients.file.models import Client
from clients.file.serializers import (
    ClientConfirmInput,
    ClientDetailSerializer,
    ClientInput,
    ClientPatch,
    ClientSerializer,
)
from crm.kernel.access.checks import require
from crm.kernel.web.api import IF_MATCH, KernelViewSet, act


@extend_schema_view(
    list=extend_schema(summary="Clients this person may see", responses=ClientSerializer(many=True)),
    retrieve=extend_schema(summary="One client", responses=ClientDetailSerializer, examples=[examples.READ]),
    create=extend_schema(
        summary="File a client",
        description="409 names `credit_code` when the client is on file already, `name` when one of this name is; "
        "the latter goes through with `confirm_same_name`. `warnings` tells what is accepted and deserves a second "
        "look, as the page does.",
        request=ClientInput,
        responses={201: ClientDetailSerializer},
        examples=[examples.COMPANY, examples.READ],
    ),
    partial_update=extend_schema(
        summary="Change a client's facts",
        parameters=[IF_MATCH],
        request=ClientPatch,
        responses=ClientDetailSerializer,
        examples=[examples.CORRECTION, examples.READ],
    ),
)
class ClientViewSet(KernelViewSet):
    """Clients this person may see."""

    model = Client
    queryset = Client.objects.all()
    serializer_class = ClientDetailSerializer
    filterset_class = ClientFilter

    def get_serializer_class(self) -> Any:
        # The warnings ask the table of regions, once for each row.
        return ClientSerializer if self.action == "list" else self.serializer_class

    def rows(self) -> QuerySet[Client]:
        return selectors.client_list(viewer=self.person)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        # Before the body is looked at: who may not file is not told what a right body would be.
        require(self.person, "create", Client)
        return self.answer(services.client_create(by=self.person, **self.read_body(ClientInput)), status=201)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        client = self.get_object()
        changes = self.read_body(ClientPatch, partial=True)
        confirmed, expected = changes.pop("confirm_same_name", False), self.expected_version()
        changed = services.client_update(
            client=client, changes=changes, expected_version=expected, confirm_same_name=confirmed, by=self.person
        )
        return self.answer(changed)

    @act(
        ClientConfirmInput,
        answers=ClientDetailSerializer,
        summary="Confirm a client's facts as of today",
        description="By the account manager or a co-manager, who says against which register or paper they were held.",
        examples=[examples.CONFIRMATION, examples.READ],
    )
    def confirm(self, client: Client, **given: Any) -> Client:
        return services.client_confirm(client=client, by=self.person, **given)


routes: list[tuple[str, Any, str]] = [("clients", ClientViewSet, "client")]
