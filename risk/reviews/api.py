"""Reviews over REST: the same services as the pages, one call per act. Every act answers with the case."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.access.checks import get_visible
from crm.kernel.audit.services import record_read
from crm.kernel.web.api import IF_MATCH_OR_BODY, KernelActs, KernelViewSet
from projects.deals.models import Project
from risk.reviews import selectors, services
from risk.reviews.filters import ReviewFilter
from risk.reviews.models import Condition, ReviewCase
from risk.reviews.serializers import (
    ConditionReportSerializer,
    ConditionSerializer,
    ConditionSettleSerializer,
    ConflictSerializer,
    DecisionInputSerializer,
    NudgeSerializer,
    ReviewLineSerializer,
    ReviewSerializer,
    SubmitSerializer,
    WithdrawSerializer,
)

SHA256 = "9f3c41d8a25b70e6c1b4f0d2839e5a77c60d1f4b8e92a3c5d7f60b1407bea71e"
READ = {
    "id": 31,
    "version": 2,
    "text": "接入系统批复原件",
    "kind": "precedent",
    "owner": 1,
    "owner_name": "林晓雯",
    "due_text": "首次放款前",
    "due_on": None,
    "blocking": True,
    "status": "to_verify",
    "created_by": 402,
    "dropped_by": None,
    "dropped_reason": "",
    "reported_by": 1,
    "reported_by_name": "林晓雯",
    "reported_at": "2026-11-25T10:40:00+08:00",
    "evidence": "批复原件 11 月 24 日收到，已归档。",
    "settled_by": None,
    "settled_by_name": None,
    "settled_at": None,
    "reason": "",
}
CONDITION = OpenApiExample("One condition", response_only=True, value=READ)
REPORT = OpenApiExample(
    "It is met", request_only=True, value={"evidence": "批复原件 11 月 24 日收到，已归档。", "expected_version": 1}
)
SETTLE = OpenApiExample("Confirm it", request_only=True, value={"verdict": "met", "expected_version": 2})
CASE = OpenApiExample(
    "One case",
    response_only=True,
    value={
        "id": 187,
        "number": "SC-2026-0187",
        "version": 3,
        "subject": {
            "kind": "project",
            "id": 12,
            "name": "大丰 22 MW 渔光互补项目",
            "client": 5,
            "client_name": "江苏沛澄新能源有限公司",
        },
        "status": "open",
        "stage": "final",
        "round": 1,
        "step": 0,
        "required_level": 2,
        "authority": ["审批后敞口 8,000.00 万元，等级 AA：超过 2,000.00、不超过 15,000.00 由分管副总审批。"],
        "dossier_sha256": SHA256,
        "waiting_for": [{"id": 9, "name": "韩致远"}],
        "stage_since": "2026-11-18T16:20:00+08:00",
        "due_at": "2026-11-23",
        "due_provisional": False,
        "submitted_by": 1,
        "opened_at": "2026-11-12T09:05:00+08:00",
        "closed_at": None,
        "withdrawn_reason": "",
        "decisions": [
            {
                "id": 401,
                "round": 1,
                "stage": "initial",
                "step": 0,
                "verb": "approve",
                "person": 6,
                "person_name": "周启明",
                "opinion": "资本金 33.33%，用途、四证齐备，双人调查属实。",
                "reason_code": "",
                "target_stage": "",
                "return_due_on": None,
                "dossier_sha256": SHA256,
                "decided_at": "2026-11-13T17:05:00+08:00",
                "items": [],
            }
        ],
        "conditions": [READ],
    },
)
SUBMIT = OpenApiExample("Submit", request_only=True, value={"expected_version": 3})
NO_CONFLICT = OpenApiExample("No conflict", request_only=True, value={"has_conflict": False, "expected_version": 1})
CONFLICT = OpenApiExample(
    "A conflict: recuse",
    request_only=True,
    value={"has_conflict": True, "text": "配偶在该客户任职", "expected_version": 1},
)
APPROVE = OpenApiExample(
    "Approve",
    request_only=True,
    value={"verb": "approve", "opinion": "资料齐全，现金流可覆盖，同意。", "expected_version": 1},
)
WITH_CONDITIONS = OpenApiExample(
    "Approve with conditions",
    request_only=True,
    value={
        "verb": "approve_with_conditions",
        "opinion": "同意，接入系统批复须在首次放款前落实。",
        "conditions": [{"text": "接入系统批复原件", "kind": "precedent", "due_text": "首次放款前", "blocking": True}],
        "expected_version": 2,
    },
)
RETURN = OpenApiExample(
    "Return",
    request_only=True,
    value={
        "verb": "return",
        "opinion": "施工许可证缺失，请补齐后再报。",
        "reason_code": "documents_missing",
        "target_stage": "initial",
        "items": ["施工许可证", "EPC 合同终稿"],
        "expected_version": 1,
    },
)
REJECT = OpenApiExample(
    "Reject",
    request_only=True,
    value={
        "verb": "reject",
        "opinion": "还款来源不足，不同意本笔授信。",
        "reason_code": "repayment_insufficient",
        "expected_version": 3,
    },
)
WITHDRAW = OpenApiExample(
    "Withdraw", request_only=True, value={"reason": "客户推迟项目，先行撤回。", "expected_version": 2}
)


class _Acts(KernelActs):
    """What both viewsets share: the case as answer."""

    serializer_class = ReviewSerializer

    def shown(self, case: ReviewCase) -> Response:
        """The case as it is after the act."""
        return self.answer(selectors.get_written_case(pk=case.pk), status=201)


class ReviewViewSet(_Acts, KernelViewSet):
    """Review cases that the caller may see."""

    model = ReviewCase
    filterset_class = ReviewFilter

    def rows(self) -> QuerySet[ReviewCase]:
        return selectors.annotate_parts(selectors.list_reviews(viewer=self.person))

    def get_serializer_class(self) -> type[ReviewLineSerializer]:
        return ReviewLineSerializer if self.action == "list" else ReviewSerializer

    @extend_schema(responses=ReviewLineSerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Cases without their opinions: those are read, and that is recorded, in the case itself."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=ReviewSerializer, examples=[CASE])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One case with its decisions and conditions, whose move it is and until when."""
        case = self.get_object()
        record_read("review.dossier_read", subject=case, by=self.person, data={"round": case.round})
        return self.answer(case)

    def case(self) -> ReviewCase:
        """The case the path names, if this person may see it."""
        return get_visible(ReviewCase, self.person, pk=self.kwargs["pk"])

    @extend_schema(
        request=ConflictSerializer,
        responses={201: ReviewSerializer},
        parameters=[IF_MATCH_OR_BODY],
        examples=[NO_CONFLICT, CONFLICT, CASE],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def conflict(self, request: Request, pk: str) -> Response:
        """Declare whether you have a conflict of interest. None: you may decide. One: you recuse."""
        case = self.case()
        services.conflict_declare(case=case, by=self.person, **self.given(ConflictSerializer))
        return self.shown(case)

    @extend_schema(
        request=DecisionInputSerializer,
        responses={201: ReviewSerializer},
        parameters=[IF_MATCH_OR_BODY],
        examples=[APPROVE, WITH_CONDITIONS, RETURN, REJECT, CASE],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def decisions(self, request: Request, pk: str) -> Response:
        """Decide the present stage: approve, approve_with_conditions, return, reject, recuse, escalate."""
        case = self.case()
        services.decision_make(case=case, by=self.person, **self.given(DecisionInputSerializer))
        return self.shown(case)

    @extend_schema(
        request=WithdrawSerializer,
        responses={201: ReviewSerializer},
        parameters=[IF_MATCH_OR_BODY],
        examples=[WITHDRAW, CASE],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take the case back before it is decided; the project is free again."""
        case = self.case()
        services.review_withdraw(case=case, by=self.person, **self.given(WithdrawSerializer))
        return self.shown(case)

    @extend_schema(request=NudgeSerializer, responses={201: ReviewSerializer}, examples=[CASE], filters=False)
    @action(detail=True, methods=["post"])
    def nudge(self, request: Request, pk: str) -> Response:
        """Remind the people who may decide (催办), once a working day; 409 for a second time."""
        case = self.case()
        NudgeSerializer(data=request.data).is_valid(raise_exception=True)
        services.review_nudge(case=case, by=self.person)
        return self.shown(case)


class ConditionViewSet(KernelActs):
    """Conditions of approved cases that the caller may see."""

    model = Condition
    serializer_class = ConditionSerializer

    def rows(self) -> QuerySet[Condition]:
        return Condition.objects.visible_to(self.person)

    def shown(self, condition: Condition) -> Response:
        """The condition as it is now, with its version as ETag."""
        found = selectors.read_condition_fields(pk=condition.pk)
        return Response(self.get_serializer(found).data, headers={"ETag": f'"{found["version"]}"'})

    @extend_schema(responses=ConditionSerializer, examples=[CONDITION])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One condition and what became of it."""
        return self.shown(self.get_object())

    @extend_schema(
        request=ConditionReportSerializer,
        responses=ConditionSerializer,
        parameters=[IF_MATCH_OR_BODY],
        examples=[REPORT, CONDITION],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def report(self, request: Request, pk: str) -> Response:
        """Say how it is met: who is responsible, the account manager or a co-manager. 409 once it is closed."""
        given = self.given(ConditionReportSerializer)
        return self.shown(services.condition_report(condition=self.get_object(), by=self.person, **given))

    @extend_schema(
        request=ConditionSettleSerializer,
        responses=ConditionSerializer,
        parameters=[IF_MATCH_OR_BODY],
        examples=[SETTLE, CONDITION],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Say that it is met, waived or open again: the head of the client's department or a risk assessor, neither of
        whom reported it or works on the client. 409 while nobody has reported it."""
        given = self.given(ConditionSettleSerializer)
        return self.shown(services.condition_settle(condition=self.get_object(), by=self.person, **given))


class SubmissionViewSet(_Acts):
    """Submission lies under the project's path."""

    model = Project

    @extend_schema(
        request=SubmitSerializer,
        responses={201: ReviewSerializer},
        parameters=[IF_MATCH_OR_BODY],
        examples=[SUBMIT, CASE],
        filters=False,
    )
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Open the review of a project, or its next round. 422 names every gate that does not hold."""
        project = get_visible(Project, self.person, pk=pk)
        case = services.review_submit(project=project, by=self.person, **self.given(SubmitSerializer))
        return self.shown(case)

    def rows(self) -> QuerySet[Any]:
        return Project.objects.visible_to(self.person)


routes = [
    ("reviews", ReviewViewSet, "review"),
    ("conditions", ConditionViewSet, "condition"),
    ("projects", SubmissionViewSet, "project-review"),
]
