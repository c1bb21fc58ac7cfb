"""Changes of identity over REST: propose one under its client, list them, decide, withdraw."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import parsers
from rest_framework.request import Request
from rest_framework.response import Response

from clients.file.models import Client
from crm.kernel.access.checks import get_visible
from crm.kernel.web.api import IF_MATCH_OR_BODY, KernelActs, KernelViewSet, NoInput, act
from crm.kernel.web.parsers import StrictJSONParser
from risk.identity import examples, selectors, services
from risk.identity.filters import IdentityChangeFilter
from risk.identity.models import IdentityChange
from risk.identity.serializers import DeclineInput, IdentityChangeSerializer, ProposalInput


@extend_schema_view(
    list=extend_schema(summary="Changes of identity of the clients this person may see"),
    retrieve=extend_schema(summary="One change of identity", examples=[examples.READ]),
)
class IdentityChangeViewSet(KernelViewSet):
    """Changes of identity of the clients the caller may see."""

    model = IdentityChange
    queryset = IdentityChange.objects.all()
    serializer_class = IdentityChangeSerializer
    filterset_class = IdentityChangeFilter

    def rows(self) -> QuerySet[IdentityChange]:
        return selectors.change_list(viewer=self.person)

    @act(
        NoInput,
        answers=IdentityChangeSerializer,
        summary="Confirm a change of identity",
        description="By a second person. The grade of the client ends. 409 once it is decided or withdrawn.",
        examples=[examples.READ],
        has_version=False,
    )
    def confirm(self, change: IdentityChange) -> IdentityChange:
        return services.identity_confirm(change=change, by=self.person)

    @act(
        DeclineInput,
        answers=IdentityChangeSerializer,
        summary="Decline a change of identity",
        examples=[examples.NO],
        has_version=False,
    )
    def reject(self, change: IdentityChange, **given: Any) -> IdentityChange:
        return services.identity_reject(change=change, by=self.person, **given)

    @act(
        NoInput,
        answers=IdentityChangeSerializer,
        summary="Withdraw a change of identity",
        description="By who proposed it. 409 once it is decided.",
        has_version=False,
    )
    def withdraw(self, change: IdentityChange) -> IdentityChange:
        return services.identity_withdraw(change=change, by=self.person)


class ClientIdentityViewSet(KernelActs):
    """Proposing a change, under the client it is about."""

    model = IdentityChange
    queryset = IdentityChange.objects.all()
    serializer_class = IdentityChangeSerializer
    parser_classes = (parsers.MultiPartParser, StrictJSONParser)

    def rows(self) -> QuerySet[IdentityChange]:
        return selectors.change_list(viewer=self.person)

    @extend_schema(
        summary="Propose another name, credit code or type",
        description="By who may edit the client. It takes effect once a second person confirms.",
        parameters=[OpenApiParameter("client_pk", int, OpenApiParameter.PATH), IF_MATCH_OR_BODY],
        request={"multipart/form-data": ProposalInput},
        responses={201: IdentityChangeSerializer},
        examples=[examples.READ],
    )
    def create(self, request: Request, *args: Any, client_pk: str, **kwargs: Any) -> Response:
        client = get_visible(Client, self.person, pk=client_pk)
        given = self.read_versioned(ProposalInput)
        version = given.pop("expected_version")
        rest = {name: given.pop(name) for name in ("reason", "paper", "code_as_on_paper") if name in given}
        change = services.identity_propose(
            client=client, changes=given, expected_version=version, by=self.person, **rest
        )
        return self.answer(change, status=201)


routes: list[tuple[str, Any, str]] = [
    (r"clients/(?P<client_pk>\d{1,18})/identity-changes", ClientIdentityViewSet, "client-identity"),
    ("identity-changes", IdentityChangeViewSet, "identity-change"),
]
