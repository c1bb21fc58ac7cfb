"""Complaints over REST: record, read, and every act with the version it starts from (`If-Match`)."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.web.api import IF_MATCH, KernelViewSet
from staff.complaints import selectors, services
from staff.complaints import serializers as shapes
from staff.complaints.filters import ComplaintFilter
from staff.complaints.models import Complaint

NEW = OpenApiExample(
    "By the hotline",
    request_only=True,
    value={
        "channel": "hotline",
        "received_at": "2026-11-20T10:00:00+08:00",
        "title": "评估费收取未说明",
        "facts": "签约时未说明评估费的收取标准，放款后直接扣收。",
        "complainant_name": "欧阳明远",
        "complainant_phone": "13812346021",
        "client_code": "91350100M000100Y43",
    },
)
TOO_LATE = "422 `late` once the limit in force has passed: the case then stays late."


def act(summary: str, shape: type, path: str, description: str = "") -> Callable[[Any], Any]:
    """A POST on one complaint that takes `shape` and answers the complaint as it is afterwards."""

    def mark(method: Any) -> Any:
        shown = extend_schema(
            summary=summary,
            description=description,
            parameters=[IF_MATCH],
            request=shape,
            responses=shapes.ComplaintSerializer,
        )(method)
        return action(detail=True, methods=["post"], url_path=path)(shown)

    return mark


class ComplaintViewSet(KernelViewSet):
    """Complaints that the caller may see. Who is complained of, and their relatives, find none."""

    model = Complaint
    queryset = Complaint.objects.all()
    serializer_class = shapes.ComplaintSerializer
    filterset_class = ComplaintFilter

    def rows(self) -> QuerySet[Complaint]:
        return selectors.complaint_list(viewer=self.person, whole=True)

    @extend_schema(summary="Complaints this person may see")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One complaint")
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="Record a complaint",
        description="Class and limits follow by rule from the moment of receipt, which may not lie ahead. The words "
        "for client and project are kept; which of ours they are is told to who sees them or works on the complaint.",
        request=shapes.ReceiveInput,
        responses={201: shapes.ComplaintSerializer},
        examples=[NEW],
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = shapes.ReceiveInput(data=request.data)
        given.is_valid(raise_exception=True)
        row = services.complaint_receive(by=self.person, **given.validated_data)
        return self.answer(selectors.complaint_after(viewer=self.person, pk=row.pk), status=201)

    def run(self, service: Callable[..., Any], shape: type, request: Request) -> Response:
        """Check the body, call the service with the version named, answer the complaint as it is now."""
        complaint = self.get_object()
        expected = self.expected_version()
        given = shape(data=request.data)
        given.is_valid(raise_exception=True)
        service(complaint=complaint, expected_version=expected, by=self.person, **given.validated_data)
        return self.answer(selectors.complaint_after(viewer=self.person, pk=complaint.pk))

    @act("Name who answers for it", shapes.PersonInput, "assign", "422 with the reason for whoever is concerned.")
    def assign(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(services.complaint_assign, shapes.PersonInput, request)

    @act("Acknowledge receipt", shapes.HowInput, "acknowledge")
    def acknowledge(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(services.complaint_acknowledge, shapes.HowInput, request)

    @act("Register an extension", shapes.ReasonInput, "extend", TOO_LATE)
    def extend(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(services.extension_request, shapes.ReasonInput, request)

    @act("Decide on the extension", shapes.ApprovalInput, "decide-extension", TOO_LATE)
    def decide_extension(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(services.extension_decide, shapes.ApprovalInput, request)

    @act("The extension was told to the complainant", shapes.HowInput, "tell-extension", TOO_LATE)
    def tell_extension(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(services.extension_tell, shapes.HowInput, request)

    @act("Stop the clock", shapes.PauseInput, "pause")
    def pause(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(services.pause_start, shapes.PauseInput, request)

    @act("Let the clock run again", shapes.NothingInput, "resume")
    def resume(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(services.pause_end, shapes.NothingInput, request)

    @act("Write the reply", shapes.DraftInput, "draft", "A major complaint then waits for a second person.")
    def draft(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(services.complaint_draft, shapes.DraftInput, request)

    @act("Judge the reply to a major complaint", shapes.ReviewInput, "review")
    def review(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(services.complaint_review, shapes.ReviewInput, request)

    @act("The reply was told to the complainant", shapes.HowInput, "reply")
    def reply(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(services.complaint_reply, shapes.HowInput, request)

    @act("Close it", shapes.NoteInput, "close", "By a second person, after the reply.")
    def close(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(services.complaint_close, shapes.NoteInput, request)

    @act("Reopen it", shapes.ReasonInput, "reopen", "The clock is not reset.")
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(services.complaint_reopen, shapes.ReasonInput, request)

    @act("Change what decides the class", shapes.ReclassifyInput, "reclassify")
    def reclassify(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(services.complaint_reclassify, shapes.ReclassifyInput, request)

    @act("Add a person complained of", shapes.PersonInput, "concern", "From now on it does not exist for them.")
    def concern(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(services.complaint_concern, shapes.PersonInput, request)


routes: list[tuple[str, Any, str]] = [("complaints", ComplaintViewSet, "complaint")]
