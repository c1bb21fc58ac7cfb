"""Grades over REST: enter one under its client, list them, the second person's word."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from clients.file.models import Client
from crm.kernel.access.checks import get_visible
from crm.kernel.web.api import KernelActs, KernelViewSet, NoInput, act
from risk.ratings import examples, selectors, services
from risk.ratings.filters import RatingFilter
from risk.ratings.models import Rating
from risk.ratings.serializers import RatingInput, RatingSerializer, RejectInput, ScoreInput


@extend_schema_view(
    list=extend_schema(summary="Grades of the clients this person may see"),
    retrieve=extend_schema(summary="One grade", examples=[examples.READ]),
)
class RatingViewSet(KernelViewSet):
    """Grades of the clients the caller may see."""

    model = Rating
    queryset = Rating.objects.all()
    serializer_class = RatingSerializer
    filterset_class = RatingFilter

    def rows(self) -> QuerySet[Rating]:
        return selectors.rating_list(viewer=self.person)

    @act(
        NoInput,
        answers=RatingSerializer,
        summary="Confirm a grade",
        description="By a second risk assessor, who neither entered it nor manages the client. 409 once it is decided.",
        examples=[examples.READ],
        has_version=False,
    )
    def confirm(self, rating: Rating) -> Rating:
        return services.rating_confirm(rating=rating, by=self.person)

    @act(
        RejectInput,
        answers=RatingSerializer,
        summary="Decline a grade",
        examples=[examples.NO],
        has_version=False,
    )
    def reject(self, rating: Rating, **given: Any) -> Rating:
        return services.rating_reject(rating=rating, by=self.person, **given)


class ClientGradeViewSet(KernelActs):
    """Entering a grade, under the client it is for."""

    model = Rating
    queryset = Rating.objects.all()
    serializer_class = RatingSerializer

    def rows(self) -> QuerySet[Rating]:
        return selectors.rating_list(viewer=self.person)

    @extend_schema(
        summary="Enter a grade for a client",
        description="By a risk assessor who does not manage the client. It is in force once a second one confirms.",
        parameters=[OpenApiParameter("client_pk", int, OpenApiParameter.PATH)],
        request=RatingInput,
        responses={201: RatingSerializer},
        examples=[examples.NEW, examples.READ],
    )
    def create(self, request: Request, *args: Any, client_pk: str, **kwargs: Any) -> Response:
        client = get_visible(Client, self.person, pk=client_pk)
        given = self.read_body(RatingInput)
        return self.answer(services.rating_enter(client=client, by=self.person, **given), status=201)


class ClientScoredGradeViewSet(KernelActs):
    """Rating a client on the scorecard, under the client it is for."""

    model = Rating
    queryset = Rating.objects.all()
    serializer_class = RatingSerializer

    def rows(self) -> QuerySet[Rating]:
        return selectors.rating_list(viewer=self.person)

    @extend_schema(
        summary="Rate a client on the scorecard",
        description="By a risk assessor who does not manage the client. The figures come from the latest confirmed "
        "statements; 422 `incomplete` names the factors that lack theirs. Without `grade` it is the scorecard's; by "
        "hand at most one notch below it. In force once a second assessor confirms.",
        parameters=[OpenApiParameter("client_pk", int, OpenApiParameter.PATH)],
        request=ScoreInput,
        responses={201: RatingSerializer},
        examples=[examples.SCORED, examples.READ],
    )
    def create(self, request: Request, *args: Any, client_pk: str, **kwargs: Any) -> Response:
        client = get_visible(Client, self.person, pk=client_pk)
        given = self.read_body(ScoreInput)
        outer = {name: given.pop(name) for name in ("grade", "override_reason", "valid_until") if name in given}
        texts = {name: given.pop(name) for name in ("reason", "source")}
        rating = services.rating_score(client=client, answers=given, by=self.person, **texts, **outer)
        return self.answer(rating, status=201)


routes: list[tuple[str, Any, str]] = [
    (r"clients/(?P<client_pk>\d{1,18})/grades", ClientGradeViewSet, "client-grade"),
    (r"clients/(?P<client_pk>\d{1,18})/scored-grades", ClientScoredGradeViewSet, "client-scored-grade"),
    ("grades", RatingViewSet, "grade"),
]
