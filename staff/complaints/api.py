"""Complaints over REST: record, read, and every act with the version it starts from (`If-Match`)."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.access.errors import BadInput
from crm.kernel.web.api import KernelViewSet, act
from crm.kernel.web.filters import PAGING
from staff.complaints import examples, selectors, services
from staff.complaints import serializers as shapes
from staff.complaints.filters import ComplaintFilter
from staff.complaints.models import Complaint

NO_SUCH_FILTER = _("This filter does not exist.")
TOO_LATE = "422 `late` once the limit in force has passed: the case then stays late."


def complaint_act(shape: Any, summary: str, description: str = "", **rest: Any) -> Any:
    """An act on one complaint; all of them answer the complaint and take the version from If-Match."""

    def declare(method: Any) -> Any:
        shown = examples.of_act(method.__name__)
        given: dict[str, Any] = {"answers": shapes.ComplaintSerializer, "summary": summary, "description": description}
        return act(shape, examples=shown, **given, **rest)(method)

    return declare


@extend_schema_view(
    list=extend_schema(summary="Complaints this person may see"),
    retrieve=extend_schema(summary="One complaint"),
    create=extend_schema(
        summary="Record a complaint",
        description="Class and limits follow by rule from the moment of receipt, which may not lie ahead. The words "
        "for client and project are stored; which client and project they match is shown to those who may view them or "
        "handle the complaint.",
        request=shapes.ReceiveInput,
        responses={201: shapes.ComplaintSerializer},
        examples=[examples.NEW],
    ),
)
class ComplaintViewSet(KernelViewSet):
    """Complaints that the caller may see. Who is complained of, and their relatives, find none."""

    model = Complaint
    queryset = Complaint.objects.all()
    serializer_class = shapes.ComplaintSerializer
    filterset_class = ComplaintFilter

    def rows(self) -> QuerySet[Complaint]:
        return selectors.complaint_list(viewer=self.person, whole=True)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = services.complaint_receive(by=self.person, **self.read_body(shapes.ReceiveInput))
        return self.answer(selectors.complaint_after(viewer=self.person, pk=row.pk), status=201)

    def read_back(self, result: Any) -> Complaint:
        """The complaint as it is after an act, even if it is not the person's to see any more."""
        return selectors.complaint_after(viewer=self.person, pk=int(self.kwargs["pk"]))

    @extend_schema(summary="Claims about people", responses=shapes.ClaimSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"])
    def claims(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who is said to be complained of or a relative, by whom, and what a second person decided; oldest first."""
        return self._parts(selectors.claims_of(self.get_object()), shapes.ClaimSerializer)

    @extend_schema(summary="Reviews of handling", responses=shapes.RecheckSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"])
    def rechecks(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Requests for a review of handling with their dates and answers; oldest first."""
        return self._parts(selectors.rechecks_of(self.get_object()), shapes.RecheckSerializer)

    def _parts(self, rows: QuerySet[Any], shape: Any) -> Response:
        """A page of what hangs on one complaint; BadInput for a filter, of which there is none."""
        if unknown := sorted(set(self.request.query_params) - PAGING):
            raise BadInput(errors={name: [NO_SUCH_FILTER] for name in unknown}, code="bad_filter")
        return self.get_paginated_response(shape(self.paginate_queryset(rows), many=True).data)

    @complaint_act(shapes.PersonInput, "Assign a handler", "422 with the reason for a person who must recuse.")
    def assign(self, complaint: Complaint, **given: Any) -> Any:
        return services.complaint_assign(complaint=complaint, by=self.person, **given)

    @complaint_act(shapes.HowInput, "Acknowledge receipt")
    def acknowledge(self, complaint: Complaint, **given: Any) -> Any:
        return services.complaint_acknowledge(complaint=complaint, by=self.person, **given)

    @complaint_act(shapes.ReasonInput, "Register an extension", TOO_LATE)
    def extend(self, complaint: Complaint, **given: Any) -> Any:
        return services.extension_request(complaint=complaint, by=self.person, **given)

    @complaint_act(shapes.ApprovalInput, "Decide on the extension", TOO_LATE, path="decide-extension")
    def decide_extension(self, complaint: Complaint, **given: Any) -> Any:
        return services.extension_decide(complaint=complaint, by=self.person, **given)

    @complaint_act(
        shapes.HowInput, "Record that the complainant was notified of the extension", TOO_LATE, path="tell-extension"
    )
    def tell_extension(self, complaint: Complaint, **given: Any) -> Any:
        return services.extension_tell(complaint=complaint, by=self.person, **given)

    @complaint_act(shapes.PauseInput, "Pause the clock")
    def pause(self, complaint: Complaint, **given: Any) -> Any:
        return services.pause_start(complaint=complaint, by=self.person, **given)

    @complaint_act(shapes.NothingInput, "Resume the clock")
    def resume(self, complaint: Complaint, **given: Any) -> Any:
        return services.pause_end(complaint=complaint, by=self.person, **given)

    @complaint_act(shapes.DraftInput, "Draft the reply", "A major complaint then needs a review by a second person.")
    def draft(self, complaint: Complaint, **given: Any) -> Any:
        return services.complaint_draft(complaint=complaint, by=self.person, **given)

    @complaint_act(shapes.ReviewInput, "Review the reply to a major complaint")
    def review(self, complaint: Complaint, **given: Any) -> Any:
        return services.complaint_review(complaint=complaint, by=self.person, **given)

    @complaint_act(shapes.HowInput, "Record that the complainant was notified of the reply")
    def reply(self, complaint: Complaint, **given: Any) -> Any:
        return services.complaint_reply(complaint=complaint, by=self.person, **given)

    @complaint_act(shapes.NoteInput, "Close it", "By a second person, after the reply.")
    def close(self, complaint: Complaint, **given: Any) -> Any:
        return services.complaint_close(complaint=complaint, by=self.person, **given)

    @complaint_act(
        shapes.WithdrawInput, "Close it as withdrawn", "By a second person; it closes on the day it was received."
    )
    def withdraw(self, complaint: Complaint, **given: Any) -> Any:
        return services.complaint_withdraw(complaint=complaint, by=self.person, **given)

    @complaint_act(
        shapes.CorrectInput,
        "Correct its client or project",
        "The class is computed again; the former details stay on record.",
    )
    def correct(self, complaint: Complaint, **given: Any) -> Any:
        return services.complaint_correct(complaint=complaint, by=self.person, **given)

    @complaint_act(
        shapes.AskRecheckInput,
        "Record a request for a review of handling",
        "A late request is refused in writing at once; `how` says how the complainant was notified.",
        path="ask-recheck",
    )
    def ask_recheck(self, complaint: Complaint, **given: Any) -> Any:
        return services.recheck_request(complaint=complaint, by=self.person, **given)

    @complaint_act(
        shapes.RecheckVerdictInput,
        "Answer the review of handling",
        "By a person one level up who had no part in the complaint; `outcome` only with `corrected`.",
        path="decide-recheck",
    )
    def decide_recheck(self, complaint: Complaint, **given: Any) -> Any:
        return services.recheck_decide(complaint=complaint, by=self.person, **given)

    @complaint_act(shapes.ReasonInput, "Reopen it", "The clock is not reset.")
    def reopen(self, complaint: Complaint, **given: Any) -> Any:
        return services.complaint_reopen(complaint=complaint, by=self.person, **given)

    @complaint_act(shapes.ReclassifyInput, "Change the facts that decide the class")
    def reclassify(self, complaint: Complaint, **given: Any) -> Any:
        return services.complaint_reclassify(complaint=complaint, by=self.person, **given)

    @complaint_act(shapes.ClaimVerdictInput, "Decide on a claim about a person", path="decide-claim")
    def decide_claim(self, complaint: Complaint, **given: Any) -> Any:
        return services.claim_decide(complaint=complaint, by=self.person, **given)

    @complaint_act(shapes.NamingInput, "Propose that somebody is no longer complained of")
    def unconcern(self, complaint: Complaint, **given: Any) -> Any:
        return services.complaint_unconcern(complaint=complaint, by=self.person, **given)

    @complaint_act(
        shapes.NamingInput,
        "Name a person complained of",
        "The person can take no action from now on; a second person decides on the claim (`decide-claim`).",
    )
    def concern(self, complaint: Complaint, **given: Any) -> Any:
        return services.complaint_concern(complaint=complaint, by=self.person, **given)


routes: list[tuple[str, Any, str]] = [("complaints", ComplaintViewSet, "complaint")]
