"""`/api/v1/requests/`: client requests for other systems."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from clients.requests import examples, selectors, services
from clients.requests.filters import RequestFilter
from clients.requests.models import ServiceRequest
from clients.requests.serializers import (
    RequestAssignInput,
    RequestCloseInput,
    RequestInput,
    RequestLineSerializer,
    RequestPromiseInput,
    RequestSerializer,
    RequestTakeInput,
    RequestWordsInput,
)
from crm.kernel.access.checks import require
from crm.kernel.web.api import KernelViewSet, act


@extend_schema_view(
    list=extend_schema(
        summary="Requests of the clients this person may see",
        description="Without their steps: those are read in the request itself.",
        responses=RequestLineSerializer(many=True),
    ),
    retrieve=extend_schema(summary="One request", responses=RequestSerializer, examples=[examples.READ]),
    create=extend_schema(
        summary="Record a client's request",
        description="Into the queue, or to the caller. The same words of a client within a day are asked back (400).",
        request=RequestInput,
        responses={201: RequestSerializer},
        examples=[examples.NEW, examples.ANSWERED_AT_ONCE, examples.READ],
    ),
)
class RequestViewSet(KernelViewSet):
    """What clients ask us to do, until it is solved and they were called back."""

    model = ServiceRequest
    queryset = ServiceRequest.objects.all()
    serializer_class = RequestSerializer
    filterset_class = RequestFilter

    def rows(self) -> QuerySet[ServiceRequest]:
        found = selectors.request_list(viewer=self.person)
        return found if self.action == "list" else selectors.with_steps(found)

    def get_serializer_class(self) -> type[RequestLineSerializer]:
        return RequestLineSerializer if self.action == "list" else RequestSerializer

    def read_back(self, result: Any) -> Any:
        return self.rows().get(pk=result.pk)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        require(self.person, "create", ServiceRequest)
        made = services.request_record(by=self.person, **self.read_body(RequestInput))
        return self.answer(self.read_back(made), status=201)

    @act(
        RequestTakeInput,
        answers=RequestSerializer,
        summary="Take a request from the queue",
        description="409 `taken` when somebody else was first.",
        examples=[examples.TAKE, examples.READ],
    )
    def take(self, request: ServiceRequest, **given: Any) -> ServiceRequest:
        return services.request_take(request=request, by=self.person, **given)

    @act(
        RequestAssignInput,
        answers=RequestSerializer,
        summary="Assign a request",
        description="To somebody who may handle the client's requests.",
        examples=[examples.ASSIGN, examples.READ],
    )
    def assign(self, request: ServiceRequest, **given: Any) -> ServiceRequest:
        return services.request_assign(request=request, by=self.person, **given)

    @act(
        RequestWordsInput,
        answers=RequestSerializer,
        summary="Record an answer",
        description="The first one stops the clock of the first answer.",
        examples=[examples.ANSWER, examples.READ],
    )
    def reply(self, request: ServiceRequest, **given: Any) -> ServiceRequest:
        return services.request_answer(request=request, by=self.person, **given)

    @act(
        RequestWordsInput,
        answers=RequestSerializer,
        summary="Record the solution",
        description="Without an earlier answer it is the first one as well.",
        examples=[examples.SOLUTION, examples.READ],
    )
    def solve(self, request: ServiceRequest, **given: Any) -> ServiceRequest:
        return services.request_solve(request=request, by=self.person, **given)

    @act(
        RequestCloseInput,
        answers=RequestSerializer,
        summary="Close a request after the call-back",
        description="409 `unanswered` or `unsolved` before that.",
        examples=[examples.CALL_BACK, examples.READ],
    )
    def close(self, request: ServiceRequest, **given: Any) -> ServiceRequest:
        return services.request_close(request=request, by=self.person, **given)

    @act(
        RequestWordsInput,
        answers=RequestSerializer,
        summary="Reopen a request",
        description="Solved or closed, but the client is not helped yet.",
        examples=[examples.REOPEN, examples.READ],
    )
    def reopen(self, request: ServiceRequest, **given: Any) -> ServiceRequest:
        return services.request_reopen(request=request, by=self.person, **given)

    @act(
        RequestPromiseInput,
        answers=RequestSerializer,
        summary="Make a request a promise",
        description="A to-do of its owner. A request without an interaction is recorded as one.",
        examples=[examples.PROMISE, examples.READ],
    )
    def promise(self, request: ServiceRequest, **given: Any) -> ServiceRequest:
        return services.request_promise(request=request, by=self.person, **given)


routes: list[tuple[str, Any, str]] = [("requests", RequestViewSet, "request")]
