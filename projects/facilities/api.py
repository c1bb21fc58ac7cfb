"""Facilities in force over REST: entered under the client, confirmed, fed with balances, settled."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import parsers
from rest_framework.request import Request
from rest_framework.response import Response

from clients.file.models import Client
from crm.kernel.access.checks import get_visible
from crm.kernel.web.api import KernelActs, KernelViewSet, NoInput, act
from crm.kernel.web.parsers import StrictJSONParser
from projects.facilities import examples, selectors, services
from projects.facilities.filters import FacilityFilter
from projects.facilities.models import Facility
from projects.facilities.serializers import (
    BalanceInput,
    BalancesAnswer,
    BalancesInput,
    FacilityInput,
    FacilityReasonInput,
    FacilitySerializer,
    FacilitySettleInput,
)


@extend_schema_view(
    list=extend_schema(summary="Facilities in force of the clients this person may see"),
    retrieve=extend_schema(summary="One facility", examples=[examples.READ]),
)
class FacilityViewSet(KernelViewSet):
    """Facilities in force with their latest balance."""

    model = Facility
    queryset = Facility.objects.all()
    serializer_class = FacilitySerializer
    filterset_class = FacilityFilter

    def rows(self) -> QuerySet[Facility]:
        return selectors.facility_list(viewer=self.person)

    def read_back(self, result: Any) -> Any:
        return self.rows().get(pk=result.pk)

    @act(
        NoInput,
        answers=FacilitySerializer,
        summary="Confirm a facility",
        description="By a second person. It counts towards the client's exposure from now on. 409 once decided.",
        examples=[examples.NOTHING, examples.READ],
        has_version=False,
    )
    def confirm(self, facility: Facility) -> Facility:
        return services.facility_confirm(facility=facility, by=self.person)

    @act(
        FacilityReasonInput,
        answers=FacilitySerializer,
        summary="Decline a facility",
        examples=[examples.NO],
        has_version=False,
    )
    def refuse(self, facility: Facility, **given: Any) -> Facility:
        return services.facility_refuse(facility=facility, by=self.person, **given)

    @act(
        NoInput,
        answers=FacilitySerializer,
        summary="Withdraw a facility",
        description="By who entered it. 409 once it is decided.",
        has_version=False,
    )
    def withdraw(self, facility: Facility) -> Facility:
        return services.facility_withdraw(facility=facility, by=self.person)

    @act(
        FacilitySettleInput,
        answers=FacilitySerializer,
        summary="Report that a facility was paid back",
        description="By who works on the client. It counts until a second person confirms.",
        examples=[examples.PAID],
        has_version=False,
    )
    def settle(self, facility: Facility, **given: Any) -> Facility:
        return services.facility_settle(facility=facility, by=self.person, **given)

    @act(
        NoInput,
        answers=FacilitySerializer,
        summary="Confirm the settlement",
        description="By a second person. The facility leaves the exposure.",
        has_version=False,
        path="settle-confirm",
    )
    def settle_confirm(self, facility: Facility) -> Facility:
        return services.facility_settle_confirm(facility=facility, by=self.person)

    @act(
        FacilityReasonInput,
        answers=FacilitySerializer,
        summary="Decline the settlement",
        examples=[examples.NO],
        has_version=False,
        path="settle-refuse",
    )
    def settle_refuse(self, facility: Facility, **given: Any) -> Facility:
        return services.facility_settle_refuse(facility=facility, by=self.person, **given)

    @act(
        BalanceInput,
        answers=FacilitySerializer,
        summary="Tell the balance of a day",
        description="By risk assessors and the data steward. Of one day the last told counts.",
        examples=[examples.BALANCE, examples.READ],
        has_version=False,
    )
    def balance(self, facility: Facility, **given: Any) -> Facility:
        services.balance_tell(facility=facility, by=self.person, **given)
        return facility


class BalancesViewSet(KernelActs):
    """Balances of many facilities at once, by contract number."""

    model = Facility
    queryset = Facility.objects.all()
    serializer_class = BalancesInput

    def rows(self) -> QuerySet[Facility]:
        return selectors.facility_list(viewer=self.person)

    @extend_schema(
        summary="Tell balances by contract number",
        description="Up to 500 rows, each judged for itself: the answer has one row for each, in their order.",
        request=BalancesInput,
        responses={200: BalancesAnswer},
        examples=[examples.BALANCES, examples.BALANCES_ANSWER],
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = self.read_body(BalancesInput)
        return Response({"rows": services.balances_tell(rows=given["rows"], by=self.person)})


class ClientFacilityViewSet(KernelActs):
    """Entering a facility, under the client it binds."""

    model = Facility
    queryset = Facility.objects.all()
    serializer_class = FacilitySerializer
    parser_classes = (parsers.MultiPartParser, StrictJSONParser)

    def rows(self) -> QuerySet[Facility]:
        return selectors.facility_list(viewer=self.person)

    @extend_schema(
        summary="Enter a facility in force",
        description="By who works on the client. It counts once a second person confirms. 409 for a contract number "
        "that is there already.",
        parameters=[OpenApiParameter("client_pk", int, OpenApiParameter.PATH)],
        request={"multipart/form-data": FacilityInput},
        responses={201: FacilitySerializer},
        examples=[examples.ENTER, examples.READ],
    )
    def create(self, request: Request, *args: Any, client_pk: str, **kwargs: Any) -> Response:
        client = get_visible(Client, self.person, pk=client_pk)
        given = self.read_body(FacilityInput)
        entered = services.facility_enter(client=client, by=self.person, **given)
        return self.answer(self.rows().get(pk=entered.pk), status=201)


routes: list[tuple[str, Any, str]] = [
    (r"clients/(?P<client_pk>\d{1,18})/facilities", ClientFacilityViewSet, "client-facility"),
    ("facilities", FacilityViewSet, "facility"),
    ("facility-balances", BalancesViewSet, "facility-balance"),
]
