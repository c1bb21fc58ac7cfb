"""Warnings over REST: list and read them, answer, close."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.web.api import IF_MATCH_OR_BODY, KernelViewSet
from risk.indicators import selectors, services
from risk.indicators.filters import WarningFilter
from risk.indicators.models import WarningEpisode
from risk.indicators.serializers import CloseInput, RespondInput, WarningSerializer

ANSWER = OpenApiExample(
    "An answer", request_only=True, value={"response": "已联系客户财务，营业执照变更登记中，12 月 5 日前核实。"}
)
CLOSING = OpenApiExample("A closing", request_only=True, value={"closing": "登记信息已核实，风险解除。"})
READ = OpenApiExample(
    "A red warning",
    response_only=True,
    value={
        "id": 31,
        "version": 1,
        "client": 17,
        "client_name": "福建闽江水务有限公司",
        "indicator": "grade_expiry",
        "level": "red",
        "state": "red",
        "sentence": "AA 级评级已过期 3 天",
        "value": "-3.0000",
        "evidence": {"grade": "AA", "until": "2026-11-21", "source": "rating:5"},
        "rules": [{"code": "indicator.grade_expiry", "version": 1, "effective_from": "2020-01-01"}],
        "opened_on": "2026-11-22",
        "judged_on": "2026-11-22",
        "recovered_on": None,
        "owner": 4,
        "owner_name": "林晓雯",
        "due_on": "2026-11-27",
        "due_provisional": False,
        "responded_by": None,
        "responded_at": None,
        "response": "",
        "escalated_on": None,
        "escalated_to": None,
        "closed_by": None,
        "closed_at": None,
        "closing": "",
    },
)


class WarningViewSet(KernelViewSet):
    """Warnings of the clients the caller may see."""

    model = WarningEpisode
    queryset = WarningEpisode.objects.all()
    serializer_class = WarningSerializer
    filterset_class = WarningFilter

    def rows(self) -> QuerySet[WarningEpisode]:
        return selectors.warning_list(viewer=self.person)

    @extend_schema(summary="Warnings of the clients this person may see")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One warning", examples=[READ])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="Answer a warning",
        description="By the client's account manager or a co-manager. 409 once it is answered or closed.",
        parameters=[IF_MATCH_OR_BODY],
        request=RespondInput,
        responses=WarningSerializer,
        examples=[ANSWER, READ],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def respond(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        warning = self.get_object()
        return self.answer(services.warning_respond(warning=warning, by=self.person, **self.given(RespondInput)))

    @extend_schema(
        summary="Close a warning",
        description="By a second person: the head of the client's department or a risk assessor, neither of whom works "
        "on the client. 422 while nobody has answered it and its indicator is still bad; 409 once it is closed.",
        parameters=[IF_MATCH_OR_BODY],
        request=CloseInput,
        responses=WarningSerializer,
        examples=[CLOSING, READ],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def close(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        warning = self.get_object()
        return self.answer(services.warning_close(warning=warning, by=self.person, **self.given(CloseInput)))


routes: list[tuple[str, Any, str]] = [("warnings", WarningViewSet, "warning")]
