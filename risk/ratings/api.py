"""Grades over REST: enter one under its client, list them, the second person's word."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clients.file.models import Client
from crm.kernel.access.checks import get_visible
from crm.kernel.web.api import KernelActs, KernelViewSet
from risk.ratings import selectors, services
from risk.ratings.filters import RatingFilter
from risk.ratings.models import Rating
from risk.ratings.serializers import NoInput, RatingInput, RatingSerializer, RejectInput

NEW = OpenApiExample(
    "Grade AA",
    request_only=True,
    value={
        "grade": "AA",
        "reason": "偿债指标满分，近三年经营现金流为正",
        "source": "2026 年度评级报告，2026-11-10",
    },
)
NO = OpenApiExample("Declined", request_only=True, value={"reason": "审计报告为上年度，请更新后重报"})
READ = OpenApiExample(
    "A grade in force",
    response_only=True,
    value={
        "id": 5,
        "client": 17,
        "client_name": "福建闽江水务有限公司",
        "grade": "AA",
        "reason": "偿债指标满分，近三年经营现金流为正",
        "source": "2026 年度评级报告，2026-11-10",
        "status": "confirmed",
        "valid_from": "2026-11-20",
        "valid_until": "2027-11-20",
        "rule_versions": [{"code": "rating.validity_months", "version": 1, "effective_from": "2020-01-01"}],
        "entered_by": 9,
        "entered_by_name": "唐雨桐",
        "entered_at": "2026-11-20T10:00:00+08:00",
        "confirmed_by": 10,
        "confirmed_by_name": "何俊峰",
        "confirmed_at": "2026-11-20T11:00:00+08:00",
        "rejected_by": None,
        "rejected_at": None,
        "rejected_reason": "",
    },
)


class RatingViewSet(KernelViewSet):
    """Grades of the clients the caller may see."""

    model = Rating
    queryset = Rating.objects.all()
    serializer_class = RatingSerializer
    filterset_class = RatingFilter

    def rows(self) -> QuerySet[Rating]:
        return selectors.rating_list(viewer=self.person)

    @extend_schema(summary="Grades of the clients this person may see")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One grade", examples=[READ])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="Confirm a grade",
        description="By a second risk assessor, who neither entered it nor keeps the client. 409 once it is decided.",
        request=NoInput,
        responses=RatingSerializer,
        examples=[READ],
    )
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rating = self.get_object()
        NoInput(data=request.data).is_valid(raise_exception=True)
        return self.answer(services.rating_confirm(rating=rating, by=self.person))

    @extend_schema(summary="Decline a grade", request=RejectInput, responses=RatingSerializer, examples=[NO])
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rating = self.get_object()
        given = RejectInput(data=request.data)
        given.is_valid(raise_exception=True)
        return self.answer(services.rating_reject(rating=rating, by=self.person, **given.validated_data))


class ClientGradeViewSet(KernelActs):
    """Entering a grade, under the client it is for."""

    model = Rating
    queryset = Rating.objects.all()
    serializer_class = RatingSerializer

    def rows(self) -> QuerySet[Rating]:
        return selectors.rating_list(viewer=self.person)

    @extend_schema(
        summary="Enter a grade for a client",
        description="By a risk assessor who does not keep the client. It is in force once a second one confirms.",
        parameters=[OpenApiParameter("client_pk", int, OpenApiParameter.PATH)],
        request=RatingInput,
        responses={201: RatingSerializer},
        examples=[NEW, READ],
    )
    def create(self, request: Request, *args: Any, client_pk: str, **kwargs: Any) -> Response:
        client = get_visible(Client, self.person, pk=client_pk)
        given = RatingInput(data=request.data)
        given.is_valid(raise_exception=True)
        return self.answer(services.rating_enter(client=client, by=self.person, **given.validated_data), status=201)


routes: list[tuple[str, Any, str]] = [
    (r"clients/(?P<client_pk>\d{1,18})/grades", ClientGradeViewSet, "client-grade"),
    ("grades", RatingViewSet, "grade"),
]
