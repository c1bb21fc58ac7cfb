"""Reviews over REST: the same services as the pages, one call per act. Every act answers with the case."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.audit.services import record_read
from crm.kernel.web.api import KernelActs, KernelViewSet, act
from projects.deals.models import Project
from risk.reviews import examples, selectors, services
from risk.reviews.filters import ReviewFilter
from risk.reviews.models import Condition, ReviewCase
from risk.reviews.serializers import (
    ConditionReportSerializer,
    ConditionSerializer,
    ConditionSettleSerializer,
    ConflictSerializer,
    DecisionInputSerializer,
    NudgeSerializer,
    ProlongSerializer,
    RehearSerializer,
    ReviewLineSerializer,
    ReviewSerializer,
    SubmitSerializer,
    WithdrawSerializer,
)


class _Acts(KernelActs):
    """What both viewsets share: the case as answer."""

    serializer_class = ReviewSerializer

    def read_back(self, result: ReviewCase) -> ReviewCase:
        """The case as it is after the act."""
        return selectors.get_written_case(pk=result.pk)


@extend_schema_view(
    list=extend_schema(
        description="Cases without their opinions: those are read, and that is recorded, in the case itself.",
        responses=ReviewLineSerializer(many=True),
    ),
    retrieve=extend_schema(responses=ReviewSerializer, examples=[examples.CASE]),
)
class ReviewViewSet(_Acts, KernelViewSet):
    """Review cases that the caller may see."""

    model = ReviewCase
    filterset_class = ReviewFilter

    def rows(self) -> QuerySet[ReviewCase]:
        found = selectors.list_reviews(viewer=self.person)
        return selectors.annotate_parts(found) if self.action in ("list", "retrieve") else found

    def get_serializer_class(self) -> type[ReviewLineSerializer]:
        return ReviewLineSerializer if self.action == "list" else ReviewSerializer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One case with its decisions and conditions, whose move it is and until when."""
        case = self.get_object()
        record_read("review.dossier_read", subject=case, by=self.person, data={"round": case.round})
        return self.answer(case)

    @act(
        ConflictSerializer,
        answers=ReviewSerializer,
        examples=[examples.NO_CONFLICT, examples.CONFLICT, examples.CASE],
        status=201,
    )
    def conflict(self, case: ReviewCase, **given: Any) -> ReviewCase:
        """Declare whether you have a conflict of interest. None: you may decide. One: you recuse."""
        services.conflict_declare(case=case, by=self.person, **given)
        return case

    @act(
        DecisionInputSerializer,
        answers=ReviewSerializer,
        examples=[
            examples.APPROVE,
            examples.WITH_CONDITIONS,
            examples.RETURN,
            examples.REJECT,
            examples.CASE,
        ],
        status=201,
    )
    def decisions(self, case: ReviewCase, **given: Any) -> ReviewCase:
        """Decide the present stage: approve, approve_with_conditions, return, reject, recuse, escalate."""
        given.pop("seen")  # only checked to be true
        services.decision_make(case=case, by=self.person, **given)
        return case

    @act(WithdrawSerializer, answers=ReviewSerializer, examples=[examples.WITHDRAW, examples.CASE], status=201)
    def withdraw(self, case: ReviewCase, **given: Any) -> ReviewCase:
        """Take the case back before it is decided; the project is free again."""
        services.review_withdraw(case=case, by=self.person, **given)
        return case

    @act(RehearSerializer, answers=ReviewSerializer, examples=[examples.REHEAR, examples.CASE], status=201)
    def rehear(self, case: ReviewCase, **given: Any) -> ReviewCase:
        """Ask for the one re-hearing (复议) of a rejected case, on new documents: the client's department head.

        409 unless it was rejected and never heard again; 422 too late, without a new document, or a requirement.
        """
        services.review_rehear(case=case, by=self.person, **given)
        return case

    @act(ProlongSerializer, answers=ReviewSerializer, examples=[examples.PROLONG, examples.CASE], status=201)
    def prolong(self, case: ReviewCase, **given: Any) -> ReviewCase:
        """Let the approval be valid longer (批复展期), once: who gave the final approval.

        409 unless it is valid, unsigned and never prolonged; 422 too late a day, or a change since the approval.
        """
        services.review_prolong(case=case, by=self.person, **given)
        return case

    @act(NudgeSerializer, answers=ReviewSerializer, examples=[examples.CASE], status=201, has_version=False)
    def nudge(self, case: ReviewCase) -> ReviewCase:
        """Remind the people who may decide (催办), once a working day; 409 for a second time."""
        services.review_nudge(case=case, by=self.person)
        return case


@extend_schema_view(retrieve=extend_schema(responses=ConditionSerializer, examples=[examples.CONDITION]))
class ConditionViewSet(KernelActs):
    """Conditions of approved cases that the caller may see."""

    model = Condition
    serializer_class = ConditionSerializer

    def rows(self) -> QuerySet[Condition]:
        return Condition.objects.visible_to(self.person)

    def read_back(self, result: Condition) -> dict[str, Any]:
        """The condition as it is now."""
        return selectors.read_condition_fields(pk=result.pk)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One condition and what became of it."""
        return self.answer(self.read_back(self.get_object()))

    @act(ConditionReportSerializer, answers=ConditionSerializer, examples=[examples.REPORT, examples.CONDITION])
    def report(self, condition: Condition, **given: Any) -> Condition:
        """Say how it is met: who is responsible, the account manager or a co-manager. 409 once it is closed."""
        return services.condition_report(condition=condition, by=self.person, **given)

    @act(ConditionSettleSerializer, answers=ConditionSerializer, examples=[examples.SETTLE, examples.CONDITION])
    def settle(self, condition: Condition, **given: Any) -> Condition:
        """Say that it is met, waived or open again: the head of the client's department or a risk assessor, neither of
        whom reported it or works on the client. 409 while nobody has reported it."""
        return services.condition_settle(condition=condition, by=self.person, **given)


class SubmissionViewSet(_Acts):
    """Submission lies under the project's path."""

    model = Project

    def rows(self) -> QuerySet[Any]:
        return Project.objects.visible_to(self.person)

    @act(SubmitSerializer, answers=ReviewSerializer, examples=[examples.SUBMIT, examples.CASE], status=201)
    def submit(self, project: Project, **given: Any) -> ReviewCase:
        """Open the review of a project, or its next round. 422 names every gate that does not hold."""
        return services.review_submit(project=project, by=self.person, **given)


routes = [
    ("reviews", ReviewViewSet, "review"),
    ("conditions", ConditionViewSet, "condition"),
    ("projects", SubmissionViewSet, "project-review"),
]
